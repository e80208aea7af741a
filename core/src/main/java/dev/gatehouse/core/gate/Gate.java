package dev.gatehouse.core.gate;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Decider;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Decision.Permit;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Decision.Throttle;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.decision.Situations;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.outcome.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The enforcement point: no call reaches a connector or a provider except through here.
 *
 * <p>Thread-safe. Both methods are called on event loops and never block.
 */
public final class Gate {

  private final Situations situations;
  private final Decider decider;
  private final Approvals approvals;
  private final AuditLog audit;

  public Gate(Situations situations, Decider decider, Approvals approvals, AuditLog audit) {
    this.situations = situations;
    this.decider = decider;
    this.approvals = approvals;
    this.audit = audit;
  }

  /** Decides and records. Never throws: a step that fails is a refusal. */
  public Admission admit(GovernedCall call) {
    try {
      Situation situation = situations.of(call);
      Ruling ruling = usingUpApproval(decider.decide(call, situation), situation);
      Intent intent =
          new Intent(call.id(), audit.append(AuditRows.intent(call, situation, ruling)));
      return switch (ruling.decision()) {
        case Permit permit -> new Granted(new ExecutionGrant(call, permit, ruling.risk(), intent));
        case RequireApproval hold ->
            new Pending(approvals.open(call, situation, ruling, hold), intent);
        case Throttle throttle -> new Refused(throttle, ruling.risk(), Optional.of(intent));
        case Deny deny -> new Refused(deny, ruling.risk(), Optional.of(intent));
      };
    } catch (AuditUnavailableException e) {
      return refused(
          "audit.unavailable",
          "nothing runs unrecorded, and the audit log takes no rows: " + e.getMessage());
    } catch (RuntimeException e) {
      return refused(
          "gate.failed", "a check failed (" + e.getClass().getSimpleName() + "); refused");
    }
  }

  /**
   * Records what happened; the stage completes on the log's thread when the row is durable. Never
   * throws.
   */
  public CompletionStage<AuditReceipt> settle(ExecutionGrant grant, Outcome outcome) {
    try {
      return audit.append(AuditRows.outcome(grant.call(), outcome));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private Ruling usingUpApproval(Ruling ruling, Situation situation) {
    if (!(ruling.decision() instanceof Permit permit)
        || !permit.reason().rule().startsWith("approval:")) {
      return ruling;
    }
    ApprovalId id = situation.approval().orElseThrow().id();
    if (approvals.consume(id, situation.at())) {
      return ruling;
    }
    Decision used =
        new Deny(
            new Reason("approval.used", "approval " + id + " was used already or has expired"));
    return new Ruling(used, ruling.risk(), List.of(used));
  }

  private static Refused refused(String rule, String message) {
    return new Refused(new Deny(new Reason(rule, message)), RiskScore.HIGHEST, Optional.empty());
  }
}
