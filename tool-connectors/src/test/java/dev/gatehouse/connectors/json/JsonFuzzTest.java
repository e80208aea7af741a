package dev.gatehouse.connectors.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whatever an upstream writes is an object or malformed, and an object survives being passed on.
 */
class JsonFuzzTest {

  @FuzzTest(maxDuration = "2m")
  void anyTextIsAnObjectOrMalformed(byte[] text) {
    Map<String, Object> object;
    try {
      object = Json.object(text, 0, text.length);
    } catch (MalformedMessageException e) {
      return;
    }
    byte[] written = Json.bytes(object);
    try {
      assertThat(byValue(Json.object(written, 0, written.length))).isEqualTo(byValue(object));
    } catch (MalformedMessageException e) {
      throw new AssertionError("what was written cannot be read", e);
    }
  }

  /** The tree with 50 for 50e0: a number is its value, however it was written. */
  private static Object byValue(Object tree) {
    return switch (tree) {
      case Map<?, ?> map -> {
        Map<Object, Object> values = new LinkedHashMap<>();
        map.forEach((key, value) -> values.put(key, value == null ? "null" : byValue(value)));
        yield values;
      }
      case List<?> list ->
          list.stream().map(value -> value == null ? "null" : byValue(value)).toList();
      case Number number -> new BigDecimal(number.toString()).stripTrailingZeros();
      default -> tree;
    };
  }
}
