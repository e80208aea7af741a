package dev.gatehouse.llm.translate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reading and writing of JSON as plain Java trees; numbers keep all their digits. */
final class Json {

  /** Deepest nesting that is read: tool arguments and events of honest upstreams stay far below. */
  static final int DEPTH_MAX = 128;

  /** Longest single event or argument text that is read, in characters. */
  static final int TEXT_CHARS_MAX = 32 * 1024 * 1024;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxStringLength(TEXT_CHARS_MAX)
                          .maxDocumentLength(TEXT_CHARS_MAX)
                          .build())
                  .build())
          .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /**
   * Returns the tree of the text.
   *
   * @throws IllegalArgumentException when it is not one JSON value, or too deep or long
   */
  static @Nullable Object parse(String text) {
    try {
      return MAPPER.readValue(text, Object.class);
    } catch (JsonProcessingException e) {
      // The parser's own message quotes the source, which may be a payload.
      throw new IllegalArgumentException("not readable as JSON", e);
    }
  }

  /** Returns the JSON text of the tree, as a value inside of other JSON. */
  static String text(Object tree) {
    try {
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain Java cannot be written as JSON", e);
    }
  }

  /**
   * Returns the UTF-8 JSON bytes of the tree.
   *
   * <p>Surrogates are written as escapes, so that a half of a pair goes on as it came: a client may
   * send one, and an upstream may cut a pair in two between events.
   */
  static byte[] bytes(Object tree) {
    try {
      return MAPPER.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain Java cannot be written as JSON", e);
    }
  }

  /** Returns the JSON text of the tree as the data of an event, surrogates as escapes. */
  static String data(Object tree) {
    return new String(bytes(tree), StandardCharsets.UTF_8);
  }

  /** Returns a new object with the fields in the order given: name, value, name, value. */
  static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> object =
        LinkedHashMap.newLinkedHashMap(namesAndValues.length / 2);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return object;
  }

  /** The object as the ports write its type: trees are {@code Map<String, Object>} everywhere. */
  @SuppressWarnings("NullAway")
  static Map<String, Object> plain(Map<String, @Nullable Object> object) {
    return object;
  }

  /** Returns the kind of a JSON value in words, for messages. */
  static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String _ -> "a string";
      case Number _ -> "a number";
      case Boolean _ -> "a boolean";
      case Map<?, ?> _ -> "an object";
      default -> "an array";
    };
  }
}
