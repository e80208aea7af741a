package dev.gatehouse.core.registry;

import java.util.Map;

/**
 * An order in which calls of one session come. Patterns are over the names by which a manifest
 * declares: of tools, models, resources and prompts.
 */
public sealed interface Sequence {

  /**
   * Once a call of one kind was let through, none of the other is.
   *
   * @param after the first kind
   * @param never the other
   */
  record NeverAfter(Glob after, Glob never) implements Sequence {
    @Override
    public Map<String, Object> tree() {
      return Map.of("after", after.pattern(), "never", never.pattern());
    }

    @Override
    public String toString() {
      return never + " never follows " + after;
    }
  }

  /**
   * A call of one kind is not let through until one of the other was carried out without an error.
   *
   * @param before the kind that waits
   * @param require what it waits for
   */
  record RequireBefore(Glob before, Glob require) implements Sequence {
    @Override
    public Map<String, Object> tree() {
      return Map.of("before", before.pattern(), "require", require.pattern());
    }

    @Override
    public String toString() {
      return before + " needs " + require + " before it";
    }
  }

  /** As JSON: one sequence has one tree. */
  Map<String, Object> tree();
}
