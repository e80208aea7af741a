package dev.gatehouse.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Eight bytes at a time find what one at a time finds. */
final class ByteScanTest {

  private static final int LENGTH_MAX = 40;

  @Test
  void everyByteAtEveryPlaceIsFoundOrPassed() {
    for (int value = 0; value < 256; value++) {
      for (int place = 0; place < LENGTH_MAX; place++) {
        byte[] bytes = "a".repeat(LENGTH_MAX).getBytes(StandardCharsets.US_ASCII);
        bytes[place] = (byte) value;
        boolean plain = value >= 0x20 && value < 0x80 && value != '"' && value != '\\';

        assertThat(ByteScan.notPlain(bytes, 0, LENGTH_MAX))
            .as("byte %d at %d", value, place)
            .isEqualTo(plain ? LENGTH_MAX : place);
        assertThat(ByteScan.first('\n', bytes, 0, LENGTH_MAX))
            .as("byte %d at %d", value, place)
            .isEqualTo(value == '\n' ? place : LENGTH_MAX);
      }
    }
  }

  @Test
  void theFirstOfSeveralIsFoundBetweenAnyBounds() {
    Random random = new Random(11);
    byte[] near = {0x1F, 0x20, '!', '"', '#', '[', '\\', ']', 0x7F, (byte) 0x80, '\n', 0x0B};
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(LENGTH_MAX)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = random.nextInt(4) == 0 ? near[random.nextInt(near.length)] : (byte) 'x';
      }
      int from = random.nextInt(bytes.length + 1);
      int to = from + random.nextInt(bytes.length - from + 1);

      assertThat(ByteScan.notPlain(bytes, from, to)).isEqualTo(oneByOneNotPlain(bytes, from, to));
      assertThat(ByteScan.first('\n', bytes, from, to))
          .isEqualTo(oneByOneLineFeed(bytes, from, to));
    }
  }

  private static int oneByOneNotPlain(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] >= 0x20 && bytes[at] != '"' && bytes[at] != '\\') {
      at++;
    }
    return at;
  }

  private static int oneByOneLineFeed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != '\n') {
      at++;
    }
    return at;
  }
}
