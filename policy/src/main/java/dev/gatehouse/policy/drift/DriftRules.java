package dev.gatehouse.policy.drift;

import dev.gatehouse.core.decision.DriftModel.Severity;
import java.util.Optional;

/**
 * How grave which deviation from a manifest is: low alerts, medium is throttled too, high and
 * critical suspend the agent.
 *
 * @param undeclared a tool, operation type, model, resource, prompt, target or data class that the
 *     manifest does not name, and that is denied in any case; empty when it is only that
 * @param callsPerMinute more calls than the manifest declares
 * @param hours a call at a time at which the agent does not work
 * @param sequence a call that breaks a sequence of the manifest, and that is denied in any case;
 *     empty when it is only that
 */
public record DriftRules(
    Optional<Severity> undeclared,
    Severity callsPerMinute,
    Severity hours,
    Optional<Severity> sequence) {

  /** What is not declared is denied, what comes too fast or too early is told when to come. */
  public static final DriftRules DEFAULT =
      new DriftRules(Optional.empty(), Severity.MEDIUM, Severity.MEDIUM, Optional.empty());

  /** Rules with the usual answers to calls at other times and out of order. */
  public DriftRules(Optional<Severity> undeclared, Severity callsPerMinute) {
    this(undeclared, callsPerMinute, DEFAULT.hours(), DEFAULT.sequence());
  }
}
