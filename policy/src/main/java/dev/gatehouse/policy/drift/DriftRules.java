package dev.gatehouse.policy.drift;

import dev.gatehouse.core.decision.DriftModel.Severity;
import java.util.Optional;

/**
 * How grave which deviation from a manifest is: low alerts, medium is throttled too, high and
 * critical suspend the agent.
 *
 * @param undeclared a tool, operation type, model, resource or prompt that the manifest does not
 *     name, and that is denied in any case; empty when it is only that
 * @param callsPerMinute more calls than the manifest declares
 */
public record DriftRules(Optional<Severity> undeclared, Severity callsPerMinute) {

  /** What is not declared is denied, what comes too fast is throttled, nobody is suspended. */
  public static final DriftRules DEFAULT = new DriftRules(Optional.empty(), Severity.MEDIUM);
}
