package dev.gatehouse.core.decision;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.Grant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A decision with what led to it.
 *
 * @param decision the strongest demand, after approvals and grants lowered what they may
 * @param risk the score of the call
 * @param findings every demand that a step made, in the order of the steps
 * @param approval the approval that turned the demand for one into a permit, and that the call uses
 *     up; empty when none did
 * @param grant the grant that did so in its place; empty when none did
 */
public record Ruling(
    Decision decision,
    RiskScore risk,
    List<Decision> findings,
    Optional<ApprovalId> approval,
    Optional<Grant> grant) {

  public Ruling {
    findings = List.copyOf(findings);
  }

  /** A ruling that neither lowered. */
  public Ruling(Decision decision, RiskScore risk, List<Decision> findings) {
    this(decision, risk, findings, Optional.empty(), Optional.empty());
  }

  /** The ruling when it is denied besides, which nothing lowers. */
  public Ruling denied(Reason reason) {
    return against(new Decision.Deny(reason));
  }

  /**
   * The ruling when one demand more is made, a stronger one, which nothing lowers. What had lowered
   * others by then is a finding, and not used up.
   */
  public Ruling against(Decision demand) {
    List<Decision> all = new ArrayList<>(findings);
    if (approval.isPresent() || grant.isPresent()) {
      all.add(decision);
    }
    all.add(demand);
    return new Ruling(demand, risk, all);
  }
}
