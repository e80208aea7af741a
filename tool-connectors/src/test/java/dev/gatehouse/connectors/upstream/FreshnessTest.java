package dev.gatehouse.connectors.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.offer.ListKind;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FreshnessTest {

  private static final Duration LONG = Duration.ofHours(9);

  private final AtomicLong now = new AtomicLong();
  private final Freshness freshness = new Freshness(now::get, new Random(7));

  @Test
  void aListIsDueAfterItsLifeAndSomeJitter() {
    freshness.read(ListKind.TOOLS, Optional.of(Duration.ofMinutes(10)), true);
    assertThat(freshness.untilDue(LONG)).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(12));
    now.addAndGet(Duration.ofMinutes(9).toNanos());
    assertThat(freshness.due()).isEmpty();
    now.addAndGet(Duration.ofMinutes(3).toNanos());
    assertThat(freshness.due()).containsExactly(ListKind.TOOLS);
  }

  @Test
  void aLifeOfNothingIsStretchedToTheLeastAndAnEndlessOneCutToTheMost() {
    freshness.read(ListKind.TOOLS, Optional.of(Duration.ZERO), true);
    assertThat(freshness.untilDue(LONG)).isGreaterThanOrEqualTo(Freshness.REFRESH_MIN);
    freshness.read(ListKind.TOOLS, Optional.of(Duration.ofDays(9)), true);
    assertThat(freshness.untilDue(LONG))
        .isBetween(Freshness.REFRESH_MAX, Freshness.REFRESH_MAX.multipliedBy(6).dividedBy(5));
  }

  @Test
  void aListThatDoesNotChangeIsReadLessOften() {
    freshness.read(ListKind.TOOLS, Optional.of(Duration.ZERO), true);
    freshness.read(ListKind.TOOLS, Optional.of(Duration.ZERO), false);
    assertThat(freshness.untilDue(LONG)).isGreaterThanOrEqualTo(Duration.ofMinutes(2));
    freshness.read(ListKind.TOOLS, Optional.of(Duration.ZERO), true);
    assertThat(freshness.untilDue(LONG)).isLessThan(Duration.ofMinutes(2));
  }

  @Test
  void aListWithoutALifeIsNeverDue() {
    freshness.read(ListKind.TOOLS, Optional.empty(), true);
    assertThat(freshness.untilDue(LONG)).isEqualTo(LONG);
    assertThat(freshness.due()).isEmpty();
  }
}
