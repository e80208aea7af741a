package dev.gatehouse.core.gate;

import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Decision.Permit;
import dev.gatehouse.core.decision.RiskScore;
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

  ExecutionGrant(GovernedCall call, Permit permit, RiskScore risk, Intent intent) {
    this.call = call;
    this.permit = permit;
    this.risk = risk;
    this.intent = intent;
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
   * complete for reads and model calls, whose reply waits for {@link #durable()} instead. Completes
   * on the log's thread.
   */
  public CompletionStage<?> barrier() {
    return call.operationType().durableBeforeDispatch()
        ? intent.durable()
        : CompletableFuture.completedStage(call.id());
  }
}
