package dev.gatehouse.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void remainingShrinksToZeroAndNoFurther() {
    Deadline deadline = Deadline.after(SECOND, CLOCK);
    assertThat(deadline.remaining(CLOCK)).isEqualTo(SECOND);
    assertThat(deadline.remaining(InstantSource.fixed(NOW.plusMillis(999))))
        .isEqualTo(Duration.ofMillis(1));
    assertThat(deadline.remaining(InstantSource.fixed(NOW.plusSeconds(5)))).isZero();
  }

  @Test
  void hasPassedAtItsInstant() {
    Deadline deadline = Deadline.after(SECOND, CLOCK);
    assertThat(deadline.passed(InstantSource.fixed(NOW.plusMillis(999)))).isFalse();
    assertThat(deadline.passed(InstantSource.fixed(NOW.plusSeconds(1)))).isTrue();
  }

  @Test
  void atMostOnlyShortens() {
    Deadline deadline = Deadline.after(SECOND, CLOCK);
    assertThat(deadline.atMost(Duration.ofMillis(10), CLOCK).remaining(CLOCK))
        .isEqualTo(Duration.ofMillis(10));
    assertThat(deadline.atMost(Duration.ofHours(1), CLOCK)).isEqualTo(deadline);
  }
}
