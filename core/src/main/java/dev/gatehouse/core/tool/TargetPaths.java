package dev.gatehouse.core.tool;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the arguments of a tool name what it acts on: {@code $.ticket.id}. A list on the way is
 * followed into each of its elements, however deep, so that nothing is named beside what is looked
 * at. Looked at several times in each decision, so its paths are split once.
 */
public final class TargetPaths {

  /** Of a tool whose arguments name nothing. */
  public static final TargetPaths NONE = new TargetPaths(List.of());

  /** Most paths of one tool. */
  public static final int PATHS_MAX = 8;

  /** Most targets of one call; one with more names none. */
  public static final int TARGETS_MAX = 64;

  /** Longest name of a target. */
  public static final int NAME_LENGTH_MAX = 256;

  private static final int SHOWN_MAX = 8;

  /** Stands for a target that has no usable name. */
  private static final String UNNAMED = "";

  private static final Pattern PATH = Pattern.compile("\\$(\\.[^.]{1,128}){1,16}");
  private static final Pattern STEPS_OUT =
      Pattern.compile("(.*[/\\\\])?\\.\\.([/\\\\].*)?", Pattern.DOTALL);

  private final List<String> paths;
  private final List<List<String>> steps;

  /**
   * Paths such as {@code $.ticket.id}.
   *
   * @param paths at most {@link #PATHS_MAX}; empty when the arguments name nothing
   */
  public TargetPaths(List<String> paths) {
    this.paths = List.copyOf(paths);
    if (paths.size() > PATHS_MAX) {
      throw new IllegalArgumentException(
          "the targets of a tool stand at up to " + PATHS_MAX + " paths, not " + paths.size());
    }
    for (String path : paths) {
      if (!PATH.matcher(path).matches()) {
        throw new IllegalArgumentException(
            "'" + path + "' is no path; write $.name or $.name.inner of the call's arguments");
      }
    }
    steps = paths.stream().map(path -> List.of(path.substring(2).split("\\.", -1))).toList();
  }

  /** The paths as they are written. */
  public List<String> paths() {
    return paths;
  }

  /** Whether the arguments name nothing. */
  public boolean isEmpty() {
    return paths.isEmpty();
  }

  /**
   * The names that such arguments hold, each once. Where one is no text or whole number, is too
   * long or steps out of where it says it is ({@code ..}), where there are too many, or none at
   * all, an empty name stands for it.
   */
  public List<String> in(Map<String, Object> arguments) {
    List<String> found = new ArrayList<>(2);
    for (List<String> path : steps) {
      collect(arguments, path, 0, found);
    }
    return found.isEmpty() || found.size() > TARGETS_MAX ? List.of(UNNAMED) : found;
  }

  private static void collect(
      @Nullable Object at, List<String> path, int step, List<String> found) {
    if (found.size() > TARGETS_MAX) {
      return;
    }
    switch (at) {
      case List<?> elements -> elements.forEach(one -> collect(one, path, step, found));
      case Map<?, ?> members when step < path.size() -> {
        if (members.containsKey(path.get(step))) {
          collect(members.get(path.get(step)), path, step + 1, found);
        }
      }
      case null, default -> {
        String name = step < path.size() ? UNNAMED : name(at);
        if (!found.contains(name)) {
          found.add(name);
        }
      }
    }
  }

  private static String name(@Nullable Object value) {
    String name =
        switch (value) {
          case String text -> text;
          case Integer _, Long _, BigInteger _ -> String.valueOf(value);
          case null, default -> UNNAMED;
        };
    boolean stepsOut = name.contains("..") && STEPS_OUT.matcher(name).matches();
    return name.length() > NAME_LENGTH_MAX || stepsOut ? UNNAMED : name;
  }

  /** As one text for people and rows: the first few, and how many more. */
  public static String text(List<String> targets) {
    List<String> shown = new ArrayList<>(targets.subList(0, Math.min(SHOWN_MAX, targets.size())));
    return String.join(", ", shown)
        + (targets.size() > SHOWN_MAX ? " and " + (targets.size() - SHOWN_MAX) + " more" : "");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TargetPaths same && same.paths.equals(paths);
  }

  @Override
  public int hashCode() {
    return paths.hashCode();
  }

  @Override
  public String toString() {
    return paths.toString();
  }
}
