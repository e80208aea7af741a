package dev.gatehouse.core.registry;

import dev.gatehouse.core.json.Digest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A registered agent.
 *
 * @param id its name
 * @param owner the named human who answers for it
 * @param labels what it can be filtered and stopped by, such as {@code env: prod}
 * @param status where it stands
 * @param statusReason why it is suspended or decommissioned; empty while active
 * @param manifest its declared job
 * @param approvalHold how long its calls are held for a person before they are answered as pending,
 *     where its client reads for less or more than others; empty for the usual time
 * @param version names what is registered of it, but for where it stands: its rows carry it, so
 *     that a decision of then can be made again with the agent of then
 */
public record Agent(
    AgentId id,
    String owner,
    Map<String, String> labels,
    AgentStatus status,
    String statusReason,
    Manifest manifest,
    Optional<Duration> approvalHold,
    Digest version) {

  public Agent {
    if (approvalHold.filter(hold -> !hold.isPositive()).isPresent()) {
      throw new IllegalArgumentException(
          "approval_hold of agent " + id + " is longer than zero, this is " + approvalHold.get());
    }
    labels = Map.copyOf(labels);
    if (owner.isBlank()) {
      throw new IllegalArgumentException(
          "agent " + id + " has no owner; name the human who answers for it");
    }
  }

  /** An agent in the version that this makes of it; takes microseconds. */
  public Agent(
      AgentId id,
      String owner,
      Map<String, String> labels,
      AgentStatus status,
      String statusReason,
      Manifest manifest,
      Optional<Duration> approvalHold) {
    this(
        id,
        owner,
        labels,
        status,
        statusReason,
        manifest,
        approvalHold,
        Digest.ofJson(tree(id, owner, labels, manifest, approvalHold)));
  }

  /** An agent whose calls are held for the usual time. */
  public Agent(
      AgentId id,
      String owner,
      Map<String, String> labels,
      AgentStatus status,
      String statusReason,
      Manifest manifest) {
    this(id, owner, labels, status, statusReason, manifest, Optional.empty());
  }

  /** What its version is the digest of, as JSON. */
  public Map<String, Object> tree() {
    return tree(id, owner, labels, manifest, approvalHold);
  }

  private static Map<String, Object> tree(
      AgentId id,
      String owner,
      Map<String, String> labels,
      Manifest manifest,
      Optional<Duration> approvalHold) {
    Map<String, Object> tree = new HashMap<>(manifest.tree());
    tree.put("agent", id.value());
    tree.put("owner", owner);
    tree.put("labels", labels);
    approvalHold.ifPresent(hold -> tree.put("approval_hold_ms", hold.toMillis()));
    return tree;
  }
}
