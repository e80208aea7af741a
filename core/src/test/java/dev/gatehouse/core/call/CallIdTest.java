package dev.gatehouse.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CallIdTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123Z");

  @Test
  void isAUuidOfVersion7WithTheClocksMilliseconds() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      UUID uuid = UUID.fromString(CallId.next(InstantSource.fixed(NOW), random).value());
      assertThat(uuid.version()).isEqualTo(7);
      assertThat(uuid.variant()).isEqualTo(2);
      assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }
  }

  @Test
  void laterIdsSortLater() {
    Random random = new Random(2);
    String earlier = CallId.next(InstantSource.fixed(NOW), random).value();
    String later = CallId.next(InstantSource.fixed(NOW.plusMillis(1)), random).value();
    assertThat(earlier).isLessThan(later);
  }

  @Test
  void idsOfOneMillisecondDiffer() {
    Random random = new Random(3);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertThat(seen.add(CallId.next(InstantSource.fixed(NOW), random).value())).isTrue();
    }
  }

  @Test
  void anotherLengthIsRefused() {
    assertThatThrownBy(() -> new CallId("short"))
        .hasMessage("a call id is a UUID of 36 characters, this has 5");
  }
}
