package dev.gatehouse.gateway.cli;

import java.util.function.LongConsumer;

/** How far a long command has come, on one line of standard error. */
final class Progress {

  private Progress() {}

  static LongConsumer on(String what) {
    return rows -> System.err.printf("\r%,d rows %s", rows, what);
  }

  /** Clears the line. */
  static void end() {
    System.err.print("\r\u001b[K");
  }
}
