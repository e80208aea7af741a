package dev.gatehouse.core.registry;

import java.util.Map;

/**
 * A registered agent.
 *
 * @param id its name
 * @param owner the named human who answers for it
 * @param labels what it can be filtered and stopped by, such as {@code env: prod}
 * @param status where it stands
 * @param statusReason why it is suspended or decommissioned; empty while active
 * @param manifest its declared job
 */
public record Agent(
    AgentId id,
    String owner,
    Map<String, String> labels,
    AgentStatus status,
    String statusReason,
    Manifest manifest) {

  public Agent {
    labels = Map.copyOf(labels);
    if (owner.isBlank()) {
      throw new IllegalArgumentException(
          "agent " + id + " has no owner; name the human who answers for it");
    }
  }
}
