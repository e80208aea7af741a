package dev.gatehouse.policy.drift;

import static java.util.stream.Collectors.joining;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.DriftModel;
import dev.gatehouse.core.decision.OutOfOrder;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.decision.Undeclared;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.JobBounds;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.registry.WorkingHours;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Drift from the declared job: what a call is, and how many there are in a minute. Compared with
 * the manifest, never with history, so that the first deviation of a new agent is one.
 */
public final class DeclaredJob implements DriftModel {

  private static final Comparator<Finding> GRAVEST_FIRST =
      Comparator.comparing(Finding::severity).thenComparing(Finding::retryAfter).reversed();

  private final DriftRules rules;

  public DeclaredJob(DriftRules rules) {
    this.rules = rules;
  }

  @Override
  public List<Finding> assess(GovernedCall call, Situation situation) {
    Agent agent = situation.agent().orElseThrow();
    List<Finding> found = new ArrayList<>(0);
    undeclared(call, agent).ifPresent(found::add);
    outOfOrder(call, agent, situation).ifPresent(found::add);
    tooFast(call, agent.manifest(), situation).ifPresent(found::add);
    offHours(call, agent.manifest().bounds(), situation).ifPresent(found::add);
    found.sort(GRAVEST_FIRST);
    return List.copyOf(found);
  }

  private Optional<Finding> undeclared(GovernedCall call, Agent agent) {
    return rules
        .undeclared()
        .flatMap(
            severity ->
                Undeclared.reason(call, agent)
                    .map(
                        reason ->
                            new Finding(
                                severity, new Reason("drift.undeclared", reason.message()))));
  }

  private Optional<Finding> outOfOrder(GovernedCall call, Agent agent, Situation situation) {
    return rules
        .sequence()
        .flatMap(
            severity ->
                OutOfOrder.reason(call, agent, situation.activity().past())
                    .map(
                        reason ->
                            new Finding(severity, new Reason("drift.sequence", reason.message()))));
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

  private Optional<Finding> offHours(GovernedCall call, JobBounds bounds, Situation situation) {
    Instant at = situation.at();
    if (bounds.holdAt(at)) {
      return Optional.empty();
    }
    Reason reason =
        new Reason(
            "drift.hours",
            "the manifest of "
                + call.principal().agent()
                + " declares no work at "
                + at
                + ", but on "
                + bounds.hours().stream().map(WorkingHours::toString).collect(joining("; ")));
    return Optional.of(new Finding(rules.hours(), reason, bounds.worksIn(at)));
  }
}
