package dev.gatehouse.core.approval;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.Digest;
import java.time.Instant;

/**
 * A person's approval of exactly one call, not yet used.
 *
 * @param policyDigest the policy set under which it was asked; another one voids it
 * @param riskDigest the risk model under which it was asked; another one voids it
 * @param expiresAt from this instant on it is void
 */
public record ApprovalRelease(
    ApprovalId id, CallBinding binding, Digest policyDigest, Digest riskDigest, Instant expiresAt) {

  /** Whether it opens this call in this situation. */
  public boolean covers(GovernedCall call, Situation situation) {
    return binding.equals(CallBinding.of(call))
        && policyDigest.equals(situation.policies().digest())
        && riskDigest.equals(situation.risk().digest())
        && situation.at().isBefore(expiresAt);
  }
}
