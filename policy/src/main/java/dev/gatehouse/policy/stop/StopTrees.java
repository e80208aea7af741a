package dev.gatehouse.policy.stop;

import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopScope;
import java.time.Instant;
import java.util.Map;

/** Orders and lifts as JSON, in files and in notes; their ids stand beside. */
final class StopTrees {

  private StopTrees() {}

  static Map<String, Object> tree(StopOrder order) {
    Stop stop = order.stop();
    return Map.of(
        "scope", stop.scope().tree(),
        "reason", stop.reason(),
        "by", stop.by(),
        "since", stop.since().toString(),
        "from", order.from());
  }

  static Map<String, Object> tree(StopLift lift) {
    return Map.of(
        "reason", lift.reason(),
        "by", lift.by(),
        "at", lift.at().toString(),
        "from", lift.from());
  }

  /** Throws IllegalArgumentException or DateTimeException when it is none. */
  static StopOrder order(String id, Map<?, ?> tree) {
    return new StopOrder(id, stop(tree), text(tree, "from"));
  }

  /** What is stopped; likewise. */
  static Stop stop(Map<?, ?> tree) {
    return new Stop(
        StopScope.read(tree.get("scope")),
        text(tree, "reason"),
        text(tree, "by"),
        Instant.parse(text(tree, "since")));
  }

  /** Likewise. */
  static StopLift lift(String id, Map<?, ?> tree) {
    return new StopLift(
        id,
        text(tree, "reason"),
        text(tree, "by"),
        Instant.parse(text(tree, "at")),
        text(tree, "from"));
  }

  static String text(Map<?, ?> tree, String member) {
    if (tree.get(member) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("its " + member + " is missing");
  }
}
