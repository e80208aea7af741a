package dev.gatehouse.policy.record;

import dev.gatehouse.core.decision.RiskScore;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Risk tables as a row keeps them, and the score of a row by them. */
final class RecordedTables {

  private final Map<?, ?> tree;

  RecordedTables(Map<?, ?> tree) {
    this.tree = tree;
  }

  /** The members of a row's {@code risk}, as they follow from the row's other members. */
  Map<String, Integer> score(Map<String, Object> row) {
    int operation = points("operation", row.get("operation_type"), RiskScore.OPERATION_MAX);
    int connector =
        points("connector_class", row.get("connector_class"), number("other_connector_class"));
    int session = session(row.get("session_actions"));
    int target = points("target", row.get("target_tier"), RiskScore.TARGET_MAX);
    return Map.of(
        "operation", operation,
        "connector", connector,
        "session", session,
        "target", target,
        "total", operation + connector + session + target,
        "review_threshold", number("review_threshold"),
        "deny_threshold", number("deny_threshold"));
  }

  /** The score of a call by an agent that may not act, or whose score could not be told. */
  Map<String, Integer> highest() {
    return Map.of(
        "operation", RiskScore.OPERATION_MAX,
        "connector", RiskScore.CONNECTOR_MAX,
        "session", RiskScore.SESSION_MAX,
        "target", RiskScore.TARGET_MAX,
        "total", RiskScore.HIGHEST.total(),
        "review_threshold", number("review_threshold"),
        "deny_threshold", number("deny_threshold"));
  }

  private int points(String table, @Nullable Object of, int otherwise) {
    return tree.get(table) instanceof Map<?, ?> points && points.get(of) instanceof Integer known
        ? known
        : otherwise;
  }

  private int session(@Nullable Object actions) {
    int points = 0;
    if (tree.get("session") instanceof List<?> steps && actions instanceof Integer so) {
      for (Object step : steps) {
        if (step instanceof List<?> pair
            && pair.get(0) instanceof Integer from
            && pair.get(1) instanceof Integer more
            && so >= from) {
          points = more;
        }
      }
    }
    return points;
  }

  private int number(String name) {
    return tree.get(name) instanceof Integer number ? number : 0;
  }
}
