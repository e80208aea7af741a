package dev.gatehouse.registry.token;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many requests each of many has made within the present minute. Bounded: once it knows as many
 * as it may, all further ones share one count, so that nobody makes room by appearing as many.
 * Thread-safe.
 */
final class RequestRate {

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final String OTHERS = "";

  private final int perMinuteMax;
  private final int countedMax;
  private final InstantSource clock;
  private final Map<String, Integer> counts = new HashMap<>();
  private Instant end = Instant.MIN;

  /**
   * @param countedMax of how many it is counted separately
   */
  RequestRate(int perMinuteMax, int countedMax, InstantSource clock) {
    this.perMinuteMax = perMinuteMax;
    this.countedMax = countedMax;
    this.clock = clock;
  }

  /** Counts a request; when it is one too many, says how long to wait. */
  synchronized Optional<Duration> enter(String who) {
    Instant now = clock.instant();
    if (!now.isBefore(end)) {
      counts.clear();
      end = now.plus(WINDOW);
    }
    String counted = counts.containsKey(who) || counts.size() < countedMax ? who : OTHERS;
    int count = counts.merge(counted, 1, Integer::sum);
    return count <= perMinuteMax ? Optional.empty() : Optional.of(Duration.between(now, end));
  }
}
