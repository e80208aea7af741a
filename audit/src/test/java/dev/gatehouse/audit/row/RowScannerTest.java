package dev.gatehouse.audit.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatehouse.core.json.CanonicalJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Accepts exactly the bytes that the log would have written. */
class RowScannerTest {

  private static final ObjectMapper STRICT =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final RowScanner scanner = new RowScanner();

  private void scan(byte[] json) throws NotCanonicalException {
    scanner.scan(json, 0, json.length);
  }

  @Test
  void whatTheLogWritesIsAcceptedAndWhatDiffersIsNot() {
    long seed = 20_260_101;
    RandomGenerator random = new Random(seed);
    for (int i = 0; i < 3_000; i++) {
      byte[] json = CanonicalJson.exactBytes(object(random, 0));
      assertThatCode(() -> scan(json)).as("seed %d", seed).doesNotThrowAnyException();
      for (int k = 0; k < 10; k++) {
        byte[] changed = changed(json, random);
        assertThat(accepted(changed))
            .as("seed %d: %s", seed, new String(changed, StandardCharsets.UTF_8))
            .isEqualTo(canonical(changed));
      }
    }
  }

  private boolean accepted(byte[] json) {
    try {
      scan(json);
      return true;
    } catch (NotCanonicalException e) {
      return false;
    }
  }

  private static boolean canonical(byte[] json) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
      return Arrays.equals(CanonicalJson.exactBytes(STRICT.readValue(json, FIELDS)), json);
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] changed(byte[] json, RandomGenerator random) {
    byte[] changed = json.clone();
    int at = random.nextInt(changed.length);
    switch (random.nextInt(4)) {
      case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> changed[at] = (byte) "{}[]\",:0123456789-.e\\ untf".charAt(random.nextInt(26));
      case 2 -> changed = Arrays.copyOf(changed, at);
      default -> changed[at] = changed[random.nextInt(changed.length)];
    }
    return changed;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{} ",
        " {}",
        "{\"a\" :1}",
        "{\"b\":1,\"a\":2}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1.0}",
        "{\"a\":1e3}",
        "{\"a\":01}",
        "{\"a\":-0}",
        "{\"a\":9007199254740992}",
        "{\"a\":\"\\u0041\"}",
        "{\"a\":\"\\u000a\"}",
        "{\"a\":\"\\u001F\"}",
        "{\"a\":\"\\/\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":tru}",
        "{\"a\":1,}",
        "{\"\ue000\":1,\"\ud83d\ude00\":1}",
        "{\"a\":\"",
        "{",
        ""
      })
  void refused(String json) {
    assertThatThrownBy(() -> scan(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(NotCanonicalException.class);
  }

  @Test
  void overlongAndSurrogateBytesAreRefused() {
    for (String hex : List.of("c0af", "e080af", "f08080af", "eda080", "f4908080", "80", "e2")) {
      byte[] bad = HexFormat.of().parseHex("7b2261223a22" + hex + "227d");
      assertThat(accepted(bad)).as(hex).isFalse();
    }
  }

  @Test
  void membersOfTheOuterObjectArePickedOut() throws Exception {
    scan(
        "{\"call_id\":\"c\",\"event\":\"e\",\"in\":{\"type\":\"x\"},\"type\":\"t\",\"verdict\":\"v\"}"
            .getBytes(StandardCharsets.UTF_8));
    assertThat(List.of(scanner.callId(), scanner.event(), scanner.type(), scanner.verdict()))
        .containsExactly("c", "e", "t", "v");
    scan("{}".getBytes(StandardCharsets.UTF_8));
    assertThat(scanner.type()).isEmpty();
  }

  private static @Nullable Object value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 3 ? 4 : 6)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong() >> 11;
      case 3 -> text(random);
      case 4 -> List.of(text(random), random.nextInt(1_000));
      default -> object(random, depth + 1);
    };
  }

  private static Map<String, @Nullable Object> object(RandomGenerator random, int depth) {
    Map<String, @Nullable Object> map = new HashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      map.put(text(random), value(random, depth));
    }
    map.put("list", new ArrayList<>(List.of(text(random))));
    return map;
  }

  private static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      switch (random.nextInt(6)) {
        case 0 -> text.append((char) random.nextInt(0x20));
        case 1 -> text.append((char) (0x80 + random.nextInt(0xD800 - 0x80)));
        case 2 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
        case 3 -> text.append((char) (0xE000 + random.nextInt(0x1FFF)));
        default -> text.append((char) (0x20 + random.nextInt(0x5F)));
      }
    }
    return text.toString();
  }
}
