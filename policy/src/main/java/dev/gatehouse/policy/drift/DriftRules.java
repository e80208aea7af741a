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
 */
public record DriftRules(Optional<Severity> undeclared, Severity callsPerMinute, Severity hours) {

  /** What is not declared is denied, what comes too fast or too early is told when to come. */
  public static final DriftRules DEFAULT =
      new DriftRules(Optional.empty(), Severity.MEDIUM, Severity.MEDIUM);

  /** Rules with the usual answer to calls at other times. */
  public DriftRules(Optional<Severity> undeclared, Severity callsPerMinute) {
    this(undeclared, callsPerMinute, DEFAULT.hours());
  }
}
