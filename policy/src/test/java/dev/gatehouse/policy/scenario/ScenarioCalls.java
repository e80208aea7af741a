package dev.gatehouse.policy.scenario;

import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.tool.TargetPaths;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The calls of scenarios. */
final class ScenarioCalls {

  private static final RandomGenerator RANDOM = RandomGenerator.of("L64X128MixRandom");

  private ScenarioCalls() {}

  static GovernedCall of(Tree call) {
    call.only(
        "agent",
        "session",
        "tool",
        "type",
        "class",
        "tier",
        "target",
        "target_paths",
        "data_class",
        "payload",
        "quarantined",
        "model",
        "model_tier",
        "resource",
        "prompt",
        "request_bytes",
        "streaming");
    if (call.has("model")) {
      return model(call);
    }
    return call.has("resource") || call.has("prompt") ? context(call) : tool(call);
  }

  private static ToolCall tool(Tree call) {
    String name = call.text("tool", "tickets.close");
    String connector = name.substring(0, name.indexOf('.'));
    String operation = name.substring(name.indexOf('.') + 1);
    ToolDescriptor tool =
        new ToolDescriptor(
            connector + "__" + operation.replace('.', '_'),
            connector,
            operation,
            Map.of(),
            call.constant(OperationType.class, "type", OperationType.READ),
            "config",
            call.text("class", "internal"),
            call.text("target", connector),
            call.constant(TargetTier.class, "tier", TargetTier.DEV),
            call.text("quarantined", "false").equals("true"),
            new TargetPaths(call.texts("target_paths")));
    return tool(call, tool, call.object("payload"));
  }

  /** A call of that tool by the agent and in the session that the step names. */
  static ToolCall tool(Tree step, ToolDescriptor tool, Map<String, Object> arguments) {
    return ToolCall.of(
        id(),
        principal(step),
        step.text("session", "s"),
        tool,
        arguments,
        new Deadline(Instant.MAX),
        TraceContext.NONE);
  }

  private static ContextCall context(Tree call) {
    boolean prompt = call.has("prompt");
    String name = call.text(prompt ? "prompt" : "resource", "");
    ContextDescriptor source =
        new ContextDescriptor(
            prompt ? ContextKind.PROMPT : ContextKind.RESOURCE,
            name,
            "files",
            name,
            Map.of(),
            call.text("class", "internal"),
            call.constant(TargetTier.class, "tier", TargetTier.DEV));
    return ContextCall.of(
        id(),
        principal(call),
        call.text("session", "s"),
        source,
        prompt ? ContextOperation.GET_PROMPT : ContextOperation.READ_RESOURCE,
        name,
        name,
        call.object("payload"),
        new Deadline(Instant.MAX),
        TraceContext.NONE);
  }

  private static ModelCall model(Tree call) {
    return new ModelCall(
        id(),
        principal(call),
        call.text("session", "s"),
        "chat",
        call.text("model", ""),
        call.text("model_tier", ""),
        call.text("streaming", "false").equals("true"),
        call.integer("request_bytes", 100),
        call.constant(TargetTier.class, "tier", TargetTier.DEV),
        AuditBody.of(
            AuditBody.Kind.REQUEST, call.text("model", "").getBytes(StandardCharsets.UTF_8)),
        new Deadline(Instant.MAX),
        "",
        List.of(),
        call.text("data_class", ""));
  }

  private static Principal principal(Tree call) {
    return new Principal(new AgentId(call.text("agent", "triage")), "0123456789ab");
  }

  private static CallId id() {
    return CallId.next(InstantSource.system(), RANDOM);
  }
}
