package dev.gatehouse.console;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call held against the present state of its target, member by member. What both
 * name and have alike is left out; what only the arguments name is new.
 */
final class StateDiff {

  private StateDiff() {}

  /** One line for each member that would differ, in the order of their paths. */
  static List<Map<String, Object>> of(Map<String, Object> arguments, Object state) {
    List<Map<String, Object>> lines = new ArrayList<>();
    compare("", arguments, state instanceof Map<?, ?> members ? members : Map.of(), lines);
    return lines;
  }

  private static void compare(
      String prefix, Map<?, ?> arguments, Map<?, ?> state, List<Map<String, Object>> lines) {
    Map<String, Object> sorted = new TreeMap<>();
    arguments.forEach((name, value) -> sorted.put(String.valueOf(name), wrapped(value)));
    sorted.forEach(
        (name, value) -> {
          String path = prefix.isEmpty() ? name : prefix + '.' + name;
          Object then = unwrapped(value);
          Object now = state.get(name);
          if (then instanceof Map<?, ?> inner && now instanceof Map<?, ?> innerState) {
            compare(path, inner, innerState, lines);
          } else if (!state.containsKey(name)) {
            lines.add(line(path, "new", null, then));
          } else if (!same(then, now)) {
            lines.add(line(path, "changed", now, then));
          }
        });
  }

  private static Map<String, Object> line(
      String path, String kind, @Nullable Object now, @Nullable Object then) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("path", path);
    line.put("kind", kind);
    if (now != null) {
      line.put("now", now);
    }
    if (then != null) {
      line.put("then", then);
    }
    return line;
  }

  /** 1, 1L and 1.0 are one number in JSON. */
  private static boolean same(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Number left && other instanceof Number right) {
      return new BigDecimal(left.toString()).compareTo(new BigDecimal(right.toString())) == 0;
    }
    return Objects.equals(one, other);
  }

  /** A tree map takes no null value. */
  private static Object wrapped(@Nullable Object value) {
    return value == null ? Nothing.IS : value;
  }

  private static @Nullable Object unwrapped(Object value) {
    return value == Nothing.IS ? null : value;
  }

  private enum Nothing {
    IS
  }
}
