package dev.gatehouse.gateway.state;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.json.CanonicalJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state that a read tool's result tells. */
final class StateValues {

  /** Longest state that an approver can be shown. */
  static final int STATE_BYTES_MAX = 256 << 10;

  private static final int NESTING_MAX = 100;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(NESTING_MAX)
                          .maxDocumentLength(STATE_BYTES_MAX)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private StateValues() {}

  /**
   * The structured content where there is one, else the one text, read as JSON where it is JSON.
   *
   * @throws IllegalArgumentException for any other result, and one that is too long
   */
  static Object of(Map<String, Object> result) {
    Object structured = result.get("structuredContent");
    Object value = structured == null ? text(result.get("content")) : structured;
    int bytes = CanonicalJson.exactBytes(Map.of("state", value)).length;
    if (bytes > STATE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "an approver can be shown a state of at most "
              + STATE_BYTES_MAX
              + " bytes, this has "
              + bytes);
    }
    return value;
  }

  private static Object text(@Nullable Object content) {
    if (content instanceof List<?> parts
        && parts.size() == 1
        && parts.getFirst() instanceof Map<?, ?> part
        && part.get("text") instanceof String text) {
      return parsed(text);
    }
    throw new IllegalArgumentException(
        "the read tool answers neither with structured content nor with one text");
  }

  private static Object parsed(String text) {
    try {
      Object value = MAPPER.readValue(text, Object.class);
      return value == null ? text : value;
    } catch (JsonProcessingException e) {
      return text; // words for people
    }
  }
}
