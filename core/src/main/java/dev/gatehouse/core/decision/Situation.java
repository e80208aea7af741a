package dev.gatehouse.core.decision;

import dev.gatehouse.core.approval.ApprovalRelease;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.registry.Agent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a decision may read, frozen for one call.
 *
 * @param at the time of the decision
 * @param agent the calling agent as registered; empty when the registry does not know it
 * @param stopped why the kill switch stops this call; empty when it does not
 * @param activity what the agent did of late
 * @param risk the risk tables in force
 * @param drift the drift rules in force
 * @param policies the policy set in force
 * @param approval an unused approval of exactly this call
 * @param grants the agent's temporary grants that are in force
 * @param granting what a call must meet that asks for another
 */
public record Situation(
    Instant at,
    Optional<Agent> agent,
    Optional<Reason> stopped,
    Activity activity,
    RiskModel risk,
    DriftModel drift,
    PolicySet policies,
    Optional<ApprovalRelease> approval,
    List<Grant> grants,
    GrantModel granting) {

  public Situation {
    grants = List.copyOf(grants);
  }

  /** A situation in which no call asks for a grant. */
  public Situation(
      Instant at,
      Optional<Agent> agent,
      Optional<Reason> stopped,
      Activity activity,
      RiskModel risk,
      DriftModel drift,
      PolicySet policies,
      Optional<ApprovalRelease> approval,
      List<Grant> grants) {
    this(at, agent, stopped, activity, risk, drift, policies, approval, grants, GrantModel.NONE);
  }
}
