package dev.gatehouse.gateway.state;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tool that changes something, and the tool of the same server that reads the same.
 *
 * @param connector the server of both
 * @param operation the tool that changes, by its name upstream
 * @param read the tool that reads, by its name upstream
 * @param arguments its arguments; a text {@code $.path} stands for that member of the changing
 *     call's arguments
 * @param ignore members of what is read that may change without voiding an approval, such as the
 *     time of the last visit
 */
public record StatePair(
    String connector,
    String operation,
    String read,
    Map<String, Object> arguments,
    List<String> ignore) {

  private static final Pattern PATH = Pattern.compile("\\$(\\.[^.]{1,128}){1,16}");

  public StatePair {
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    ignore = List.copyOf(ignore);
    if (read.equals(operation)) {
      throw new IllegalArgumentException(
          "the state of what " + operation + " changes is read by another tool");
    }
    for (Object value : arguments.values()) {
      if (value instanceof String text && text.startsWith("$") && !PATH.matcher(text).matches()) {
        throw new IllegalArgumentException(
            "'" + text + "' is no path; write $.name or $.name.inner of the call's arguments");
      }
    }
  }

  /**
   * The arguments by which the target of that call is read.
   *
   * @throws IllegalArgumentException when the call's arguments lack what a path names
   */
  Map<String, Object> argumentsFor(Map<String, Object> call) {
    Map<String, Object> made = new HashMap<>();
    arguments.forEach(
        (name, value) ->
            made.put(
                name,
                value instanceof String text && text.startsWith("$.")
                    ? member(call, text)
                    : value));
    return made;
  }

  private static Object member(Map<String, Object> call, String path) {
    @Nullable Object at = call;
    for (String name : path.substring(2).split("\\.", -1)) {
      at = at instanceof Map<?, ?> members ? members.get(name) : null;
    }
    if (at == null) {
      throw new IllegalArgumentException("the call's arguments have no " + path);
    }
    return at;
  }

  /** What counts of a state that was read. */
  Object counted(Object state) {
    if (ignore.isEmpty() || !(state instanceof Map<?, ?> members)) {
      return state;
    }
    Map<Object, Object> rest = new HashMap<>(members);
    ignore.forEach(rest::remove);
    return rest;
  }
}
