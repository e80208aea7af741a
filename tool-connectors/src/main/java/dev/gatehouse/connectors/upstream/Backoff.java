package dev.gatehouse.connectors.upstream;

import dev.gatehouse.connectors.config.UpstreamTimeouts;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pause before a try to reconnect: doubles with each failure up to a bound, less a random part
 * of up to half, so that many gateways do not come back at once.
 */
final class Backoff {

  private static final int DOUBLINGS_MAX = 20;

  private final UpstreamTimeouts timeouts;
  private final RandomGenerator random;
  private int failures;

  Backoff(UpstreamTimeouts timeouts, RandomGenerator random) {
    this.timeouts = timeouts;
    this.random = random;
  }

  /** The connection held well: the next pause is the shortest again. */
  void reset() {
    failures = 0;
  }

  /** The next pause. */
  Duration next() {
    long least = timeouts.reconnectMin().toNanos();
    long most = timeouts.reconnectMax().toNanos();
    int doublings = Math.min(failures++, DOUBLINGS_MAX);
    long bound = least > most >> doublings ? most : least << doublings;
    return Duration.ofNanos(bound - random.nextLong(bound / 2 + 1));
  }
}
