package dev.gatehouse.audit;

import dev.gatehouse.audit.chain.StreamName;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The retention classes of a record: each has streams of its own, so that what is kept for a short
 * time can go without what is kept for a long one.
 *
 * @param byDefault the class of rows that nobody gave another: lower-case letters, digits,
 *     underscore
 * @param classes all others, and that one if something is said of it: how long rows are kept at
 *     least, and after which they go by themselves; empty for as long as nobody says otherwise; at
 *     most {@link #CLASSES_MAX}
 */
public record RetentionPlan(String byDefault, Map<String, Optional<Period>> classes) {

  /** Most classes: each has its own writer, segments and checkpoints. */
  public static final int CLASSES_MAX = 16;

  public RetentionPlan {
    classes = Collections.unmodifiableMap(new TreeMap<>(classes));
    requireName(byDefault);
    classes.keySet().forEach(RetentionPlan::requireName);
    if (classes.size() > CLASSES_MAX) {
      throw new IllegalArgumentException(
          classes.size() + " retention classes; at most " + CLASSES_MAX);
    }
    classes.forEach(
        (name, keep) -> {
          if (keep.isPresent() && (keep.get().isNegative() || keep.get().isZero())) {
            throw new IllegalArgumentException("retention class " + name + ": keep at least a day");
          }
        });
  }

  /** A single class. */
  public static RetentionPlan only(String name) {
    return new RetentionPlan(name, Map.of());
  }

  /** All classes, the one by default first. */
  public List<String> names() {
    List<String> names = new ArrayList<>(classes.keySet());
    names.remove(byDefault);
    names.addFirst(byDefault);
    return List.copyOf(names);
  }

  /** How long rows are kept, of the classes of which that is said. */
  public Map<String, Period> kept() {
    Map<String, Period> kept = new TreeMap<>();
    classes.forEach((name, keep) -> keep.ifPresent(time -> kept.put(name, time)));
    return kept;
  }

  private static void requireName(String name) {
    new StreamName("node", 1, name); // refuses bad names
  }
}
