package dev.gatehouse.policy.drift;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.DriftModel;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.policy.rules.Severity;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Drift from the declared rate: more calls in a minute than the manifest declares is medium, and so
 * throttled until a call leaves the window. Compared with the manifest, never with history.
 */
public final class DeclaredRate implements DriftModel {

  @Override
  public Optional<Finding> assess(GovernedCall call, Situation situation) {
    OptionalInt declared =
        situation.agent().map(agent -> agent.manifest().callsPerMinute()).orElseThrow();
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
    return Optional.of(new Finding(Severity.MEDIUM, reason, situation.activity().rateFreeIn()));
  }
}
