package dev.gatehouse.policy;

import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Calls and agents for the tests of this package. */
public final class Calls {

  public static final AgentId TRIAGE = new AgentId("triage");

  private static final RandomGenerator RANDOM = RandomGenerator.of("L64X128MixRandom");

  private Calls() {}

  public static ToolCall tool(
      AgentId agent,
      String session,
      String connector,
      String operation,
      OperationType type,
      String connectorClass,
      TargetTier tier,
      Map<String, Object> arguments) {
    ToolDescriptor tool =
        new ToolDescriptor(
            connector + "__" + operation,
            connector,
            operation,
            Map.of(),
            type,
            "config",
            connectorClass,
            "tickets",
            tier);
    return ToolCall.of(
        CallId.next(InstantSource.system(), RANDOM),
        new Principal(agent, "0123456789ab"),
        session,
        tool,
        arguments,
        new Deadline(Instant.MAX),
        TraceContext.NONE);
  }

  public static ToolCall tool(OperationType type, String connectorClass, TargetTier tier) {
    return tool(TRIAGE, "s", "tickets", "op", type, connectorClass, tier, Map.of());
  }

  public static ToolCall inSession(AgentId agent, String session) {
    return tool(
        agent, session, "tickets", "get", OperationType.READ, "internal", TargetTier.DEV, Map.of());
  }

  public static ToolCall closing(AgentId agent, String ticket) {
    return tool(
        agent,
        "s",
        "tickets",
        "close",
        OperationType.WRITE,
        "internal",
        TargetTier.DEV,
        Map.of("ticket", ticket));
  }

  public static GovernedCall chat(TargetTier tier) {
    return new ModelCall(
        CallId.next(InstantSource.system(), RANDOM),
        new Principal(TRIAGE, "0123456789ab"),
        "s",
        "chat",
        "claude",
        "frontier",
        true,
        100,
        tier,
        AuditBody.of(AuditBody.Kind.REQUEST, "{}".getBytes(StandardCharsets.UTF_8)),
        new Deadline(Instant.MAX),
        "",
        List.of(),
        "");
  }

  public static Agent agent(AgentId id, OptionalInt callsPerMinute, Map<String, String> labels) {
    return new Agent(
        id,
        "Ann Owner",
        labels,
        AgentStatus.ACTIVE,
        "",
        new Manifest(
            "tests",
            List.of(new Glob("*")),
            EnumSet.allOf(OperationType.class),
            List.of(new Glob("*")),
            callsPerMinute));
  }

  /** The same agent with another manifest. */
  public static Agent declaring(Agent agent, Manifest manifest) {
    return new Agent(agent.id(), agent.owner(), agent.labels(), AgentStatus.ACTIVE, "", manifest);
  }

  public static Agent agent(AgentId id) {
    return agent(id, OptionalInt.empty(), Map.of());
  }

  public static Registry registry(Agent... agents) {
    return new Registry() {
      @Override
      public Optional<Agent> find(AgentId id) {
        return agents().stream().filter(agent -> agent.id().equals(id)).findFirst();
      }

      @Override
      public List<Agent> agents() {
        return List.of(agents);
      }
    };
  }
}
