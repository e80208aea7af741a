package dev.gatehouse.connectors.catalog;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.offer.UpstreamEntry;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.registry.Glob;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what a tool does: by the config, else by the upstream's annotations, else it is
 * destructive, which is also what MCP assumes of a tool without annotations.
 */
final class OperationRules {

  /**
   * A verdict.
   *
   * @param source {@code config}, {@code annotations} or {@code default}
   */
  record Operation(OperationType type, String source) {}

  private static final Comparator<Map.Entry<Glob, OperationType>> PRECEDENCE =
      Comparator.<Map.Entry<Glob, OperationType>>comparingInt(rule -> exact(rule) ? 1 : 0)
          .thenComparingInt(OperationRules::literals)
          .thenComparing(Map.Entry::getValue);

  private OperationRules() {}

  static Operation of(UpstreamEntry tool, Map<Glob, OperationType> configured) {
    Optional<OperationType> rule =
        configured.entrySet().stream()
            .filter(entry -> entry.getKey().matches(tool.name()))
            .max(PRECEDENCE)
            .map(Map.Entry::getValue);
    if (rule.isPresent()) {
      return new Operation(rule.get(), "config");
    }
    Map<String, Object> annotations = Json.object(tool.definition(), "annotations");
    if (Boolean.TRUE.equals(annotations.get("readOnlyHint"))) {
      return new Operation(OperationType.READ, "annotations");
    }
    if (Boolean.FALSE.equals(annotations.get("destructiveHint"))) {
      return new Operation(OperationType.WRITE, "annotations");
    }
    boolean said =
        annotations.get("destructiveHint") instanceof Boolean
            || annotations.get("readOnlyHint") instanceof Boolean;
    return new Operation(OperationType.DESTRUCTIVE, said ? "annotations" : "default");
  }

  private static boolean exact(Map.Entry<Glob, OperationType> rule) {
    return rule.getKey().pattern().indexOf('*') < 0;
  }

  private static int literals(Map.Entry<Glob, OperationType> rule) {
    return (int) rule.getKey().pattern().chars().filter(c -> c != '*').count();
  }
}
