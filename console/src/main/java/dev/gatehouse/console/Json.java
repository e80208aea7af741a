package dev.gatehouse.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests' bodies read as trees, answers' trees written. */
final class Json {

  private static final int DEPTH_MAX = 16;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxNameLength(256)
                          .maxNumberLength(32)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  /**
   * Reads an object; an empty body is an empty one.
   *
   * @throws BadRequestException when it is none
   */
  static ObjectNode object(byte[] body) {
    if (body.length == 0) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      JsonNode tree = MAPPER.readTree(body);
      if (tree instanceof ObjectNode object) {
        return object;
      }
      throw new BadRequestException("the body is no JSON object");
    } catch (IOException e) {
      throw new BadRequestException(
          "the body is no JSON object of depth " + DEPTH_MAX + " at most");
    }
  }

  /** The text of a member; empty when there is none. */
  static String text(ObjectNode object, String name) {
    JsonNode member = object.get(name);
    if (member == null || member.isNull()) {
      return "";
    }
    if (!member.isTextual()) {
      throw new BadRequestException(name + " is a string");
    }
    return member.textValue();
  }

  /** A member as maps, lists and scalars; null when there is none. */
  static @Nullable Object tree(ObjectNode object, String name) {
    return MAPPER.convertValue(object.get(name), Object.class);
  }

  static byte[] bytes(Map<String, Object> tree) {
    try {
      return MAPPER.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("an answer is no JSON tree", e);
    }
  }
}
