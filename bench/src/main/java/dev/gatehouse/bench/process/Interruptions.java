package dev.gatehouse.bench.process;

import dev.gatehouse.bench.load.Histogram;
import java.time.Duration;
import java.util.Locale;

/**
 * How often the machine stops a thread that only reads the clock. What is measured beside it is
 * slower by as much, whatever it does: a percentile beyond the share of interrupted operations says
 * something about the machine.
 *
 * @param perSecond interruptions of more than 5 microseconds
 * @param medianMicros how long one lasts
 */
public record Interruptions(double perSecond, double medianMicros) {

  /** What is shorter is taken for the reading of the clock. */
  private static final long LEAST_NANOS = 5_000;

  /** Reads the clock for that long. */
  public static Interruptions measure(Duration length) {
    Histogram pauses = new Histogram();
    long started = System.nanoTime();
    long before = started;
    while (before - started < length.toNanos()) {
      long now = System.nanoTime();
      if (now - before > LEAST_NANOS) {
        pauses.record(now - before);
      }
      before = now;
    }
    return new Interruptions(
        pauses.count() * 1e9 / length.toNanos(), pauses.percentile(50) / 1_000);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.0f a second of more than 5 us, %.1f us each", perSecond, medianMicros);
  }
}
