package dev.gatehouse.core.decision;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.Manifest;
import java.util.Optional;
import java.util.Set;

/** What of a call its agent's manifest does not name. Pure. */
public final class Undeclared {

  private Undeclared() {}

  /** The first thing that the manifest does not name; empty when it names all of the call. */
  public static Optional<Reason> reason(GovernedCall call, Agent agent) {
    return named(call, agent)
        .or(() -> operation(call, agent))
        .or(() -> target(call, agent))
        .or(() -> dataClass(call, agent));
  }

  private static Optional<Reason> named(GovernedCall call, Agent agent) {
    Manifest manifest = agent.manifest();
    return switch (call) {
      case ToolCall tool ->
          manifest.declaresTool(tool.tool().name())
              ? Optional.empty()
              : missing("tool", agent, "tool " + tool.tool().name());
      case ContextCall context ->
          manifest.declares(context) ? Optional.empty() : missing("context", agent, context.name());
      case ModelCall model ->
          manifest.declaresModel(model.model())
              ? Optional.empty()
              : missing("model", agent, "model " + model.model());
    };
  }

  private static Optional<Reason> operation(GovernedCall call, Agent agent) {
    Set<OperationType> declared = agent.manifest().operations();
    return switch (call) {
      case ToolCall tool when !declared.contains(tool.operationType()) ->
          missing(
              "operation",
              agent,
              tool.operationType() + " operations; " + tool.tool().name() + " is one");
      case ContextCall context when !declared.contains(context.operationType()) ->
          missing("operation", agent, context.operationType() + " operations");
      case ToolCall _, ContextCall _, ModelCall _ -> Optional.empty();
    };
  }

  private static Optional<Reason> target(GovernedCall call, Agent agent) {
    if (agent.manifest().bounds().declareTargetsOf(call)) {
      return Optional.empty();
    }
    String unnamed =
        call.targets().contains("")
            ? ", of which the arguments do not name all in a usable way"
            : "";
    return missing(
        "target", agent, "target " + call.target() + " (" + call.targetTier() + ")" + unnamed);
  }

  private static Optional<Reason> dataClass(GovernedCall call, Agent agent) {
    if (agent.manifest().bounds().declareData(call.dataClass())) {
      return Optional.empty();
    }
    return missing("data_class", agent, "data of class " + call.dataClass());
  }

  private static Optional<Reason> missing(String part, Agent agent, String what) {
    return Optional.of(
        new Reason(
            "manifest." + part, "the manifest of " + agent.id() + " does not declare " + what));
  }
}
