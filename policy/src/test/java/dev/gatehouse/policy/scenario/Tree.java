package dev.gatehouse.policy.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One mapping of a scenario file. Unknown keys are mistakes. */
record Tree(Map<?, ?> map) {

  static Tree of(Object value) {
    if (value instanceof Map<?, ?> map) {
      return new Tree(map);
    }
    throw new IllegalArgumentException("a mapping was expected, not " + value);
  }

  /** This mapping with those members of the other that it lacks. */
  Tree over(Tree defaults) {
    Map<Object, Object> merged = new LinkedHashMap<>(defaults.map);
    merged.putAll(map);
    return new Tree(merged);
  }

  Tree only(String... keys) {
    Set<String> known = Set.of(keys);
    for (Object key : map.keySet()) {
      if (!known.contains(String.valueOf(key))) {
        throw new IllegalArgumentException("unknown key '" + key + "'; known: " + known);
      }
    }
    return this;
  }

  boolean has(String key) {
    return map.get(key) != null;
  }

  String text(String key, String fallback) {
    Object value = map.get(key);
    return value == null ? fallback : String.valueOf(value);
  }

  int integer(String key, int fallback) {
    return map.get(key) instanceof Number number ? number.intValue() : fallback;
  }

  Tree tree(String key) {
    Object value = map.get(key);
    return value == null ? new Tree(Map.of()) : of(value);
  }

  List<?> list(String key) {
    return map.get(key) instanceof List<?> list ? list : List.of();
  }

  List<String> texts(String key) {
    return list(key).stream().map(String::valueOf).toList();
  }

  Map<String, Object> object(String key) {
    Map<String, Object> object = new LinkedHashMap<>();
    tree(key).map.forEach((name, value) -> object.put(String.valueOf(name), value));
    return object;
  }

  Map<String, Integer> integers(String key) {
    Map<String, Integer> integers = new LinkedHashMap<>();
    tree(key)
        .map
        .forEach((name, value) -> integers.put(String.valueOf(name), ((Number) value).intValue()));
    return integers;
  }

  <E extends Enum<E>> E constant(Class<E> type, String key, E fallback) {
    return has(key) ? constant(type, text(key, "")) : fallback;
  }

  static <E extends Enum<E>> E constant(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }

  static Duration duration(String text) {
    int unit = 0;
    while (Character.isDigit(text.charAt(unit))) {
      unit++;
    }
    long amount = Long.parseLong(text.substring(0, unit));
    return switch (text.substring(unit)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> throw new IllegalArgumentException("no duration: " + text);
    };
  }
}
