package dev.gatehouse.core.gate;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.RiskScore;
import java.util.Optional;

/** The Gate's answer to a call. */
public sealed interface Admission {

  /** It may be carried out. */
  record Granted(ExecutionGrant grant) implements Admission {}

  /**
   * It may not.
   *
   * @param decision a {@link Decision.Deny} or {@link Decision.Throttle}
   * @param intent the row that records it; empty when the log takes no rows, which is then the
   *     reason. The refusal is sent once the row is durable or has failed.
   */
  record Refused(Decision decision, RiskScore risk, Optional<Intent> intent) implements Admission {}

  /** A person must approve first; admit the same call again once the request is approved. */
  record Pending(ApprovalRequest request, Intent intent) implements Admission {}
}
