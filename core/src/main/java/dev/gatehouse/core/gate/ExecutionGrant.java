package dev.gatehouse.core.gate;

import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Decision.Permit;
import dev.gatehouse.core.decision.RiskScore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The right to carry out one call: a permit with its intent on record. Only the {@link Gate} makes
 * one, and connectors and providers act on nothing else.
 */
public final class ExecutionGrant {

  private final GovernedCall call;
  private final Permit permit;
  private final RiskScore risk;
  private final Intent intent;
  private final Optional<CompletionStage<Void>> condition;

  /**
   * @param condition what dispatch waits for besides the record, of a call that a person approved
   */
  ExecutionGrant(
      GovernedCall call,
      Permit permit,
      RiskScore risk,
      Intent intent,
      Optional<CompletionStage<Void>> condition) {
    this.call = call;
    this.permit = permit;
    this.risk = risk;
    this.intent = intent;
    this.condition = condition;
  }

  /** The call that may be carried out. */
  public GovernedCall call() {
    return call;
  }

  /** Why it may. */
  public Permit permit() {
    return permit;
  }

  /** Its score. */
  public RiskScore risk() {
    return risk;
  }

  /** The intent's receipt, once durable: the reply to the agent waits for it. */
  public CompletionStage<AuditReceipt> durable() {
    return intent.durable();
  }

  /**
   * What dispatch waits for: the durable intent for writes and destructive operations; already
   * complete for reads and model calls, whose reply waits for {@link #durable()} instead. A call
   * that a person approved waits for both the record and that its approval is confirmed, and fails
   * with an {@link dev.gatehouse.core.approval.ApprovalVoidException} when it is not. Completes on
   * any thread.
   */
  public CompletionStage<?> barrier() {
    if (condition.isPresent()) {
      return intent.durable().thenCombine(condition.get(), (receipt, _) -> receipt);
    }
    return call.operationType().durableBeforeDispatch()
        ? intent.durable()
        : CompletableFuture.completedStage(call.id());
  }
}
