package dev.gatehouse.llm.config;

import java.time.Duration;

/**
 * When a provider is unhealthy, and for how long.
 *
 * @param failuresMax so many failures within the window open the breaker
 * @param window how far back failures count
 * @param openFor how long an open breaker lets nothing through; then one probe
 * @param quotaBench how long a credential without quota rests
 * @param modelBench how long a model that the provider does not know rests
 */
public record BreakerLimits(
    int failuresMax, Duration window, Duration openFor, Duration quotaBench, Duration modelBench) {

  /** Five in sixty seconds open it for two minutes; quota and missing models rest ten minutes. */
  public static final BreakerLimits DEFAULT =
      new BreakerLimits(
          5,
          Duration.ofSeconds(60),
          Duration.ofSeconds(120),
          Duration.ofMinutes(10),
          Duration.ofMinutes(10));

  public BreakerLimits {
    if (failuresMax < 1 || failuresMax > 10_000) {
      throw new IllegalArgumentException(
          "breaker failures lie in 1..10000, this is " + failuresMax);
    }
    check("window", window, Duration.ofSeconds(1), Duration.ofHours(1));
    check("open time", openFor, Duration.ofMillis(1), Duration.ofDays(1));
    check("quota bench", quotaBench, Duration.ofMillis(1), Duration.ofDays(7));
    check("model bench", modelBench, Duration.ofMillis(1), Duration.ofDays(7));
  }

  private static void check(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "the breaker's " + name + " lies in " + least + ".." + most + ", this is " + value);
    }
  }
}
