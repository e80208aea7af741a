package dev.gatehouse.llm.replay;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Members of rows; one that is missing or of another type is a {@link ClassCastException}. */
final class Values {

  private Values() {}

  static String text(Map<String, Object> object, String name) {
    return object.get(name) instanceof String text ? text : "";
  }

  static long number(Map<String, Object> object, String name) {
    return object.get(name) instanceof Number number ? number.longValue() : 0;
  }

  static boolean flag(Map<String, Object> object, String name) {
    return Boolean.TRUE.equals(object.get(name));
  }

  @SuppressWarnings("unchecked") // members of a JSON object are named by strings
  static Map<String, Object> object(Map<String, Object> object, String name) {
    return (Map<String, Object>) Objects.requireNonNullElse(object.get(name), Map.of());
  }

  @SuppressWarnings("unchecked") // an entry that is no object fails where it is read
  static List<Map<String, Object>> objects(Map<String, Object> object, String name) {
    return (List<Map<String, Object>>) Objects.requireNonNullElse(object.get(name), List.of());
  }
}
