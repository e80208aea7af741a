package dev.gatehouse.connectors.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.config.UpstreamTimeouts;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void pausesDoubleUpToTheirBoundLessAtMostHalf() {
    UpstreamTimeouts timeouts = UpstreamTimeouts.DEFAULTS; // 250 ms to 60 s
    Backoff backoff = new Backoff(timeouts, new Random(7));
    Duration bound = timeouts.reconnectMin();
    for (int failure = 0; failure < 100; failure++) {
      assertThat(backoff.next()).isBetween(bound.dividedBy(2), bound);
      bound = bound.multipliedBy(2);
      bound = bound.compareTo(timeouts.reconnectMax()) > 0 ? timeouts.reconnectMax() : bound;
    }
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(timeouts.reconnectMin());
  }
}
