package dev.gatehouse.llm.failover;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Lengths for deciding, dates for people.
 *
 * @param clock says which date a moment has; may be wrong
 * @param ticker nanoseconds since some moment; never set
 */
record Time(Clock clock, LongSupplier ticker) {

  long nanos() {
    return ticker.getAsLong();
  }

  /** The date of that reading of the ticker, seen from another reading, which is now. */
  Instant at(long nanos, long nowNanos) {
    return clock.instant().plusNanos(nanos - nowNanos);
  }

  /** A ticker that runs with the clock. */
  static LongSupplier tickerOf(Clock clock) {
    return () -> {
      Instant now = clock.instant();
      return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    };
  }
}
