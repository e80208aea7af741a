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
 * @param arguments the complete arguments, for the approver's eyes; empty for a model call, and
 *     once the question is over: the binding's digest remains
 * @param state where the question stands
 * @param decidedBy who answered; empty while open or when nobody did
 * @param decisionReason what they said; empty when nothing
 * @param review what the approver is shown beside the call, and how far its approval has come
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
    String decisionReason,
    Review review) {

  public ApprovalRequest {
    approvers = List.copyOf(approvers);
  }

  /** This question with another review; where it stands does not change. */
  public ApprovalRequest with(Review changed) {
    return new ApprovalRequest(
        id,
        binding,
        callId,
        tool,
        arguments,
        reason,
        risk,
        approvers,
        openedAt,
        expiresAt,
        state,
        decidedBy,
        decisionReason,
        changed);
  }

  /**
   * This question in its next state.
   *
   * @throws IllegalStateException for a step that {@link State} does not list
   */
  public ApprovalRequest moved(State to, String by, String why) {
    if (!state.leadsTo(to)) {
      throw new IllegalStateException(
          "approval " + id + " does not go from " + state + " to " + to);
    }
    return new ApprovalRequest(
        id,
        binding,
        callId,
        tool,
        to.isFinal() ? Map.of() : arguments,
        reason,
        risk,
        approvers,
        openedAt,
        expiresAt,
        to,
        by,
        why,
        review);
  }

  /**
   * PENDING → APPROVED → CONSUMED; PENDING → DENIED; PENDING or APPROVED → EXPIRED. Nothing leaves
   * the other three.
   */
  public enum State {
    PENDING,
    APPROVED,
    CONSUMED,
    DENIED,
    EXPIRED;

    /** Whether nothing leaves it. */
    public boolean isFinal() {
      return this == CONSUMED || this == DENIED || this == EXPIRED;
    }

    boolean leadsTo(State to) {
      return switch (this) {
        case PENDING -> to == APPROVED || to == DENIED || to == EXPIRED;
        case APPROVED -> to == CONSUMED || to == EXPIRED;
        case CONSUMED, DENIED, EXPIRED -> false;
      };
    }
  }
}
