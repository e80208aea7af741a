package dev.gatehouse.mcp.asking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.json.Digest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Sealed states are opened by who made them, and only as they were made. */
class StateSealTest {

  private static final Digest REQUEST = Digest.of("r".getBytes(StandardCharsets.US_ASCII));
  private static final Instant EXPIRY = Instant.ofEpochMilli(1_800_000_000_123L);

  private final StateSeal seal = new StateSeal(new SecureRandom());
  private final String state = seal.seal(7, EXPIRY, REQUEST);

  @Test
  void saysWhatWasSealedAndShowsNothingOfIt() {
    assertThat(seal.open(state)).contains(new StateSeal.State(7, EXPIRY, REQUEST));
    assertThat(seal.seal(7, EXPIRY, REQUEST)).isNotEqualTo(state);
  }

  @Test
  void everyFlippedBitIsNoticed() {
    byte[] bytes = Base64.getUrlDecoder().decode(state);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(seal.open(Base64.getUrlEncoder().withoutPadding().encodeToString(flipped)))
          .isEmpty();
    }
  }

  @Test
  void strangeTextsAndOtherProcessesStatesAreRefused() {
    for (String strange :
        new String[] {
          "", "A", "not base64 !", state + "-TAMPERED", state.substring(4), "A".repeat(513)
        }) {
      assertThat(seal.open(strange)).isEmpty();
    }
    assertThat(new StateSeal(new SecureRandom()).open(state)).isEmpty();
  }
}
