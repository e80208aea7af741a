package dev.gatehouse.core.stop;

import dev.gatehouse.core.registry.AgentId;
import java.util.Map;

/** What a stop covers. */
public sealed interface StopScope {

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
