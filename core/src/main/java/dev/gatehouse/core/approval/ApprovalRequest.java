package dev.gatehouse.core.approval;

import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.RiskScore;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A question to a person: may exactly this call be carried out? Immutable; each change is a new
 * value.
 *
 * @param callId the call that first asked
 * @param arguments the complete arguments, for the approver's eyes; empty for a model call
 * @param state where the question stands
 * @param decidedBy who answered; empty while open or when nobody did
 * @param decisionReason what they said; empty when nothing
 */
public record ApprovalRequest(
    ApprovalId id,
    CallBinding binding,
    CallId callId,
    String tool,
    Map<String, Object> arguments,
    Reason reason,
    RiskScore risk,
    List<String> approvers,
    Instant openedAt,
    Instant expiresAt,
    State state,
    String decidedBy,
    String decisionReason) {

  /**
   * PENDING → APPROVED → CONSUMED; PENDING → DENIED; PENDING or APPROVED → EXPIRED. Nothing leaves
   * the other three.
   */
  public enum State {
    PENDING,
    APPROVED,
    CONSUMED,
    DENIED,
    EXPIRED
  }
}
