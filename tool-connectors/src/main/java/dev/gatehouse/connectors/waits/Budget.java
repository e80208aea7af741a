package dev.gatehouse.connectors.waits;

import java.time.Duration;

/**
 * The time that several steps may take together.
 *
 * @param endNanos when it is used up, by {@link System#nanoTime}
 */
public record Budget(long endNanos) {

  /** That long from now. */
  public static Budget of(Duration time) {
    return new Budget(System.nanoTime() + time.toNanos());
  }

  /**
   * What is left of it; one millisecond once it is used up, so that the next step fails by itself.
   */
  public Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, endNanos - System.nanoTime()));
  }
}
