package dev.gatehouse.policy.stop;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.stop.StopScope.Everything;
import dev.gatehouse.core.stop.StopScope.Labelled;
import dev.gatehouse.core.stop.StopScope.OneAgent;
import dev.gatehouse.core.stop.StopScope.OneConnector;
import java.util.LinkedHashMap;
import java.util.Map;

/** Scopes as JSON, in rows and files. */
final class StopScopes {

  private StopScopes() {}

  static Map<String, Object> tree(StopScope scope) {
    return switch (scope) {
      case Everything _ -> Map.of("all", true);
      case OneAgent(var agent) -> Map.of("agent", agent.value());
      case OneConnector(var connector) -> Map.of("connector", connector);
      case Labelled(var labels) -> Map.of("labels", labels);
    };
  }

  /** Throws IllegalArgumentException when it is no scope. */
  static StopScope read(Map<?, ?> tree) {
    if (Boolean.TRUE.equals(tree.get("all"))) {
      return new Everything();
    }
    if (tree.get("agent") instanceof String agent) {
      return new OneAgent(new AgentId(agent));
    }
    if (tree.get("connector") instanceof String connector) {
      return new OneConnector(connector);
    }
    if (tree.get("labels") instanceof Map<?, ?> labels) {
      Map<String, String> all = new LinkedHashMap<>();
      labels.forEach((key, value) -> all.put(String.valueOf(key), String.valueOf(value)));
      return new Labelled(all);
    }
    throw new IllegalArgumentException("a scope is all, agent, connector or labels");
  }
}
