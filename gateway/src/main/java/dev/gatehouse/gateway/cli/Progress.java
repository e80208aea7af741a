package dev.gatehouse.gateway.cli;

import dev.gatehouse.gateway.rows.SimulatedCalls;
import java.util.function.LongConsumer;

/** How far a long command has come, on one line of standard error. */
final class Progress {

  private static final int BAR_CHARS = 30;

  private Progress() {}

  static LongConsumer on(String what) {
    return rows -> System.err.printf("\r%,d rows %s", rows, what);
  }

  /** A bar for what has an end that is known. */
  static SimulatedCalls.Progress bar(String what) {
    return (done, of) -> {
      int filled = (int) (BAR_CHARS * done / Math.max(of, 1));
      System.err.printf(
          "\r[%s%s] %,d of %,d %s",
          "#".repeat(filled), "-".repeat(BAR_CHARS - filled), done, of, what);
    };
  }

  /** Clears the line. */
  static void end() {
    System.err.print("\r\u001b[K");
  }
}
