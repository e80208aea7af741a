package dev.gatehouse.llm.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** The one JSON factory, with its bounds. Thread-safe. */
public final class Json {

  /** Deepest nesting of requests and replies. */
  public static final int DEPTH_MAX = 200;

  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  /**
   * UTF-8 only: with charset detection, a body in UTF-16 would be read differently here and
   * upstream.
   */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxStringLength(1 << 30)
                  .maxNumberLength(1_000)
                  .maxNameLength(10_000)
                  .build())
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .build();

  private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

  private static final ObjectReader UNAMBIGUOUS =
      MAPPER.readerFor(TREE).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  private Json() {}

  static JsonParser parser(byte[] bytes, int from, int to) throws IOException {
    return FACTORY.createParser(bytes, from, to - from);
  }

  /**
   * Reads a whole object as a tree.
   *
   * @throws UnreadableJsonException when it is none
   */
  public static Map<String, Object> tree(byte[] bytes) {
    try {
      return MAPPER.readValue(bytes, TREE);
    } catch (IOException e) {
      throw new UnreadableJsonException(place(e), e);
    }
  }

  /**
   * Reads a whole object as a tree, in which no member is there twice.
   *
   * @throws UnreadableJsonException when one is, or when it is no object
   */
  public static Map<String, Object> unambiguousTree(byte[] bytes) {
    try {
      return UNAMBIGUOUS.readValue(bytes);
    } catch (JsonParseException e) {
      throw new UnreadableJsonException("a member is there twice, or it is " + place(e), e);
    } catch (IOException e) {
      throw new UnreadableJsonException(place(e), e);
    }
  }

  /** Writes a tree. */
  public static byte[] bytes(Map<String, Object> tree) {
    try {
      return MAPPER.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree of plain values always writes", e);
    }
  }

  /** Where a document breaks, without a word of its content. */
  static String place(IOException e) {
    if (e instanceof JacksonException json && json.getLocation() != null) {
      return "not valid JSON at line "
          + json.getLocation().getLineNr()
          + ", column "
          + json.getLocation().getColumnNr();
    }
    return "not valid JSON";
  }
}
