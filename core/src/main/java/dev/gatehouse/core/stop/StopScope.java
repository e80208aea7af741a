package dev.gatehouse.core.stop;

import dev.gatehouse.core.registry.AgentId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a stop covers. */
public sealed interface StopScope {

  /** As JSON, in rows, files and the admin API: one member, as {@link #read} takes it. */
  default Map<String, Object> tree() {
    return switch (this) {
      case Everything _ -> Map.of("all", true);
      case OneAgent(var agent) -> Map.of("agent", agent.value());
      case OneConnector(var connector) -> Map.of("connector", connector);
      case Labelled(var labels) -> Map.of("labels", labels);
    };
  }

  /**
   * The scope that a JSON tree says.
   *
   * @throws IllegalArgumentException when it says none, or more than one
   */
  static StopScope read(@Nullable Object tree) {
    if (tree instanceof Map<?, ?> scope && scope.size() == 1) {
      Map.Entry<?, ?> only = scope.entrySet().iterator().next();
      Object value = only.getValue();
      String kind = String.valueOf(only.getKey());
      if (kind.equals("all") && Boolean.TRUE.equals(value)) {
        return new Everything();
      }
      if (kind.equals("agent") && value instanceof String id && !id.isBlank()) {
        return new OneAgent(new AgentId(id));
      }
      if (kind.equals("connector") && value instanceof String name && !name.isBlank()) {
        return new OneConnector(name);
      }
      if (kind.equals("labels") && value instanceof Map<?, ?> labels) {
        return labelled(labels);
      }
    }
    throw none();
  }

  private static Labelled labelled(Map<?, ?> tree) {
    Map<String, String> labels = new HashMap<>();
    tree.forEach(
        (key, value) -> {
          if (!(key instanceof String name) || !(value instanceof String text) || text.isBlank()) {
            throw none();
          }
          labels.put(name, text);
        });
    return new Labelled(labels);
  }

  private static IllegalArgumentException none() {
    return new IllegalArgumentException(
        "scope is one of {\"all\": true}, {\"agent\": ID}, {\"connector\": NAME},"
            + " {\"labels\": {KEY: VALUE}}");
  }

  /** Every call of every agent. */
  record Everything() implements StopScope {
    @Override
    public String toString() {
      return "all";
    }
  }

  /** Every call of one agent. */
  record OneAgent(AgentId agent) implements StopScope {
    @Override
    public String toString() {
      return "agent " + agent;
    }
  }

  /** Every call of one connector; {@code llm} stands for all model calls. */
  record OneConnector(String connector) implements StopScope {
    @Override
    public String toString() {
      return "connector " + connector;
    }
  }

  /**
   * Every call of the agents that carry all of these labels.
   *
   * @param labels at least one
   */
  record Labelled(Map<String, String> labels) implements StopScope {
    public Labelled {
      labels = Map.copyOf(labels);
      if (labels.isEmpty()) {
        throw new IllegalArgumentException(
            "a stop by labels names at least one label; to stop everything say so");
      }
    }

    @Override
    public String toString() {
      return "labels " + new java.util.TreeMap<>(labels);
    }
  }
}
