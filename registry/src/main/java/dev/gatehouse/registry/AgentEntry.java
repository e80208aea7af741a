package dev.gatehouse.registry;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.JobBounds;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.registry.token.ClientKey;
import dev.gatehouse.registry.token.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * An agent as the config declares it.
 *
 * @param id its name, unique in the registry
 * @param owner the named human who answers for it; not blank
 * @param purpose what it is for, in a sentence
 * @param labels what it can be filtered and stopped by
 * @param credentials SHA-256 of each of its keys; at most {@link #CREDENTIALS_MAX}
 * @param subjects who stands for it in the tokens of issuers; at most {@link #SUBJECTS_MAX}
 * @param tools patterns of exposed tool names that it may call
 * @param operations operation types that it may use
 * @param models patterns of model names that it may call
 * @param resources patterns of resource URIs that it may read
 * @param prompts patterns of prompt names that it may get
 * @param callsPerMinute its declared rate, at least 1; empty when it declares none
 * @param bounds targets, data classes and times, where it declares them
 * @param approvalHold how long its calls are held for a person; empty for the usual time
 * @param clientKeys public keys of its own, by which it can get tokens; at most {@link
 *     #CREDENTIALS_MAX}
 * @param status where it stands
 * @param statusReason why it is suspended or decommissioned; empty while active
 */
public record AgentEntry(
    AgentId id,
    String owner,
    String purpose,
    Map<String, String> labels,
    Set<Digest> credentials,
    Set<Subject> subjects,
    List<Glob> tools,
    Set<OperationType> operations,
    List<Glob> models,
    List<Glob> resources,
    List<Glob> prompts,
    OptionalInt callsPerMinute,
    JobBounds bounds,
    Optional<Duration> approvalHold,
    List<ClientKey> clientKeys,
    AgentStatus status,
    String statusReason) {

  /** Most credentials of one agent: enough to rotate, few enough to oversee. */
  public static final int CREDENTIALS_MAX = 16;

  /** Most subjects of one agent. */
  public static final int SUBJECTS_MAX = 64;

  public AgentEntry {
    labels = Map.copyOf(labels);
    credentials = Set.copyOf(credentials);
    subjects = Set.copyOf(subjects);
    tools = List.copyOf(tools);
    operations = Set.copyOf(operations);
    models = List.copyOf(models);
    resources = List.copyOf(resources);
    prompts = List.copyOf(prompts);
    clientKeys = List.copyOf(clientKeys);
    if (clientKeys.size() > CREDENTIALS_MAX) {
      throw new IllegalArgumentException(
          "agent "
              + id
              + " has "
              + clientKeys.size()
              + " public keys; at most "
              + CREDENTIALS_MAX
              + " are allowed");
    }
    if (owner.isBlank()) {
      throw new IllegalArgumentException(
          "agent " + id + " has no owner; name the human who answers for it");
    }
    if (credentials.size() > CREDENTIALS_MAX) {
      throw new IllegalArgumentException(
          "agent "
              + id
              + " has "
              + credentials.size()
              + " credentials; at most "
              + CREDENTIALS_MAX
              + " are allowed");
    }
    if (subjects.size() > SUBJECTS_MAX) {
      throw new IllegalArgumentException(
          "agent "
              + id
              + " has "
              + subjects.size()
              + " subjects; at most "
              + SUBJECTS_MAX
              + " are allowed");
    }
    if (callsPerMinute.isPresent() && callsPerMinute.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "agent "
              + id
              + " declares "
              + callsPerMinute.getAsInt()
              + " calls per minute; declare at least 1, or suspend it");
    }
    if (status != AgentStatus.ACTIVE && statusReason.isBlank()) {
      throw new IllegalArgumentException("agent " + id + " is " + status + " without a reason");
    }
  }

  /** An agent without subjects that declares neither resources nor prompts. */
  public AgentEntry(
      AgentId id,
      String owner,
      String purpose,
      Map<String, String> labels,
      Set<Digest> credentials,
      List<Glob> tools,
      Set<OperationType> operations,
      List<Glob> models,
      OptionalInt callsPerMinute,
      AgentStatus status,
      String statusReason) {
    this(
        id,
        owner,
        purpose,
        labels,
        credentials,
        Set.of(),
        tools,
        operations,
        models,
        List.of(),
        List.of(),
        callsPerMinute,
        JobBounds.NONE,
        Optional.empty(),
        List.of(),
        status,
        statusReason);
  }

  Agent agent() {
    return new Agent(
        id,
        owner,
        labels,
        status,
        statusReason,
        new Manifest(
            purpose, tools, operations, models, resources, prompts, callsPerMinute, bounds),
        approvalHold);
  }

  /** Without the credentials, which have no place in logs. */
  @Override
  public String toString() {
    return "AgentEntry[" + id + ", " + status + ", " + credentials.size() + " credentials]";
  }
}
