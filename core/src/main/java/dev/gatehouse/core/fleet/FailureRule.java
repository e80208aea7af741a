package dev.gatehouse.core.fleet;

import java.time.Duration;

/**
 * When failures add up to a rest.
 *
 * @param failuresMax so many failures within the window
 * @param window how far back failures count
 * @param rest how long the lane then rests
 */
public record FailureRule(int failuresMax, Duration window, Duration rest) {

  public FailureRule {
    if (failuresMax < 1) {
      throw new IllegalArgumentException("failuresMax is at least 1, this is " + failuresMax);
    }
    if (window.toMillis() < 1 || rest.toMillis() < 1) {
      throw new IllegalArgumentException(
          "window and rest are at least PT0.001S, these are " + window + " and " + rest);
    }
  }
}
