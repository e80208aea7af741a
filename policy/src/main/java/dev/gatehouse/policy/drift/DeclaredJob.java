package dev.gatehouse.policy.drift;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.DriftModel;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.registry.Manifest;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Drift from the declared job: what a call is, and how many there are in a minute. Compared with
 * the manifest, never with history, so that the first deviation of a new agent is one.
 */
public final class DeclaredJob implements DriftModel {

  private final DriftRules rules;

  public DeclaredJob(DriftRules rules) {
    this.rules = rules;
  }

  @Override
  public Optional<Finding> assess(GovernedCall call, Situation situation) {
    Manifest manifest = situation.agent().orElseThrow().manifest();
    return Stream.of(undeclared(call, manifest), tooFast(call, manifest, situation))
        .flatMap(Optional::stream)
        .max(Comparator.comparing(Finding::severity));
  }

  private Optional<Finding> undeclared(GovernedCall call, Manifest manifest) {
    if (rules.undeclared().isEmpty() || declares(manifest, call)) {
      return Optional.empty();
    }
    Reason reason =
        new Reason(
            "drift.undeclared",
            "the manifest of "
                + call.principal().agent()
                + " does not declare "
                + call.connector()
                + "."
                + call.operation());
    return Optional.of(new Finding(rules.undeclared().get(), reason));
  }

  private static boolean declares(Manifest manifest, GovernedCall call) {
    return switch (call) {
      case ToolCall tool ->
          manifest.declaresTool(tool.tool().name())
              && manifest.operations().contains(tool.operationType());
      case ContextCall context ->
          manifest.operations().contains(context.operationType())
              && switch (context.source().kind()) {
                case RESOURCE, RESOURCE_TEMPLATE -> manifest.declaresResource(context.name());
                case PROMPT -> manifest.declaresPrompt(context.name());
              };
      case ModelCall model -> manifest.declaresModel(model.model());
    };
  }

  private Optional<Finding> tooFast(GovernedCall call, Manifest manifest, Situation situation) {
    OptionalInt declared = manifest.callsPerMinute();
    int calls = situation.activity().callsLastMinute();
    if (declared.isEmpty() || calls <= declared.getAsInt()) {
      return Optional.empty();
    }
    Reason reason =
        new Reason(
            "drift.calls_per_minute",
            "call "
                + calls
                + " of the last minute; the manifest of "
                + call.principal().agent()
                + " declares "
                + declared.getAsInt()
                + " calls per minute");
    return Optional.of(
        new Finding(rules.callsPerMinute(), reason, situation.activity().rateFreeIn()));
  }
}
