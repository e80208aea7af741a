package dev.gatehouse.connectors.stdio;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Lets through a bounded number of log lines a second and counts the rest. For one thread. */
final class LogThrottle {

  /** Lines let through in a second. */
  static final int LINES_PER_SECOND_MAX = 20;

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final LongSupplier nanos;
  private long secondBegan;
  private int lines;
  private long suppressed;

  LogThrottle(LongSupplier nanos) {
    this.nanos = nanos;
    this.secondBegan = nanos.getAsLong();
  }

  /** Logs with the number of lines held back since the last one, or holds this one back too. */
  void log(LongConsumer line) {
    long now = nanos.getAsLong();
    if (now - secondBegan >= SECOND_NANOS) {
      secondBegan = now;
      lines = 0;
    }
    if (lines < LINES_PER_SECOND_MAX) {
      lines++;
      line.accept(suppressed);
      suppressed = 0;
    } else {
      suppressed++;
    }
  }
}
