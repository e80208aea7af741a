package dev.gatehouse.policy.publish;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody last ordered to be in force, under the name by which all nodes of a fleet know it.
 * Of two orders the one of the later turn holds; two of one turn, which nodes gave that did not
 * hear of each other, stand in the order of their names, the same at all nodes.
 *
 * @param id the same everywhere, and never again
 * @param turn one more than that of the order before it, as far as that was known; from 1
 * @param rolledBack whether it returned to what was in force before
 * @param node where it was ordered
 */
record InForce(
    String id, long turn, boolean rolledBack, Instant at, String by, String reason, String node) {

  /** Most turns; a fleet that publishes every second does not come near. */
  static final long TURN_MAX = 1L << 48;

  private static final Comparator<InForce> LATER =
      Comparator.comparingLong(InForce::turn).thenComparing(InForce::id);

  InForce {
    if (turn < 1 || turn > TURN_MAX) {
      throw new IllegalArgumentException("a turn lies in 1.." + TURN_MAX + ", this is " + turn);
    }
  }

  boolean isLaterThan(Optional<InForce> other) {
    return other.isEmpty() || LATER.compare(this, other.get()) > 0;
  }

  Map<String, Object> tree() {
    return Map.of(
        "id", id,
        "turn", turn,
        "rolled_back", rolledBack,
        "at", at.toString(),
        "by", by,
        "reason", reason,
        "node", node);
  }

  /** Reads what {@link #tree} wrote; throws IllegalArgumentException or DateTimeException. */
  static InForce of(Map<?, ?> tree) {
    return new InForce(
        text(tree, "id"),
        tree.get("turn") instanceof Number turn ? turn.longValue() : 0,
        Boolean.TRUE.equals(tree.get("rolled_back")),
        Instant.parse(text(tree, "at")),
        text(tree, "by"),
        text(tree, "reason"),
        text(tree, "node"));
  }

  static String text(Map<?, ?> tree, String member) {
    if (tree.get(member) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("its " + member + " is missing");
  }
}
