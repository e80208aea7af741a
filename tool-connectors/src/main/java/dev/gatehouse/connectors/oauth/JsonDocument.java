package dev.gatehouse.connectors.oauth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of an authorization server, such as its metadata. Duplicate members and deep
 * nesting are refused; callers bound the length. Its text may hold secrets, so it is never shown.
 */
final class JsonDocument {

  private static final TypeReference<Map<String, @Nullable Object>> TREE = new TypeReference<>() {};
  private static final int DEPTH_MAX = 20;
  private static final int LIST_LENGTH_MAX = 1_000;
  private static final ObjectMapper JSON = mapper();

  private final Map<String, @Nullable Object> members;

  private JsonDocument(Map<String, @Nullable Object> members) {
    this.members = members;
  }

  /** Reads one object; empty when the text is anything else. */
  static Optional<JsonDocument> read(byte[] text) {
    try {
      @Nullable Map<String, @Nullable Object> members = JSON.readValue(text, TREE);
      return members == null ? Optional.empty() : Optional.of(new JsonDocument(members));
    } catch (IOException e) {
      return Optional.empty(); // its message quotes the text
    }
  }

  /** The UTF-8 text of a plain tree. */
  static byte[] write(Map<String, ?> tree) {
    try {
      return JSON.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a JSON tree", e);
    }
  }

  /** The string of that name, unless it is missing or empty. */
  Optional<String> text(String name) {
    return members.get(name) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  /** The whole number of that name. */
  Optional<Long> number(String name) {
    return members.get(name) instanceof Number number
        ? Optional.of(number.longValue())
        : Optional.empty();
  }

  /** Whether the member is {@code true}. */
  boolean flag(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  /** The strings of a list; empty when there is no such list. */
  Optional<List<String>> texts(String name) {
    if (!(members.get(name) instanceof List<?> list) || list.size() > LIST_LENGTH_MAX) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    for (Object element : list) {
      if (element instanceof String text) {
        texts.add(text);
      }
    }
    return Optional.of(List.copyOf(texts));
  }

  /** The object of that name. */
  @SuppressWarnings("unchecked") // every object of a tree has string keys
  Optional<JsonDocument> object(String name) {
    return members.get(name) instanceof Map<?, ?> child
        ? Optional.of(new JsonDocument((Map<String, @Nullable Object>) child))
        : Optional.empty();
  }

  /** The names of its members that are objects. */
  List<String> objects() {
    return members.entrySet().stream()
        .filter(member -> member.getValue() instanceof Map<?, ?>)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static ObjectMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build());
    return mapper;
  }
}
