package dev.gatehouse.connectors.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
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
      assertThat(Json.object(written, 0, written.length)).isEqualTo(object);
    } catch (MalformedMessageException e) {
      throw new AssertionError("what was written cannot be read", e);
    }
  }
}
