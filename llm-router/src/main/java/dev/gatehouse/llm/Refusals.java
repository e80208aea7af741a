package dev.gatehouse.llm;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Decision.Permit;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Decision.Throttle;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.limit.Refusal;
import dev.gatehouse.llm.wire.Problem;
import dev.gatehouse.llm.wire.Protocol;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the Gate's refusals look like to a client: which rule, which score, what to do. */
final class Refusals {

  /** The answer when a row could not be made durable: whatever was computed stays unreleased. */
  static final Problem UNRECORDED =
      new Problem(
          503,
          "audit_unavailable",
          "nothing is answered unrecorded, and the audit log took no row; the gateway's operator"
              + " has to look");

  private Refusals() {}

  static Problem refused(Decision decision, RiskScore risk) {
    String rule = decision.reason().rule();
    String message = decision.reason().message();
    Map<String, Object> details = Map.of("rule", rule, "risk", risk.total());
    return switch (decision) {
      case Throttle throttle ->
          new Problem(429, "throttled", message + " (rule " + rule + "); try again later")
              .retryAfter(Math.max(1, throttle.retryAfter().toSeconds()))
              .with(details);
      case Deny _ when rule.equals("audit.unavailable") ->
          new Problem(503, "audit_unavailable", message).with(details);
      case Deny _, RequireApproval _, Permit _ ->
          new Problem(
                  403,
                  "denied",
                  message
                      + " (rule "
                      + rule
                      + ", risk "
                      + risk.total()
                      + "); the gateway's operator can change manifest and policies")
              .with(details);
    };
  }

  /** A limit of usage is reached, in the words by which each provider's clients know it. */
  static Problem limited(Refusal limit, Protocol protocol) {
    String code = limit.budget() ? "insufficient_quota" : "rate_limit_exceeded";
    Map<String, Object> details = new LinkedHashMap<>(limit.details());
    if (protocol != Protocol.MESSAGES) {
      details.put("type", limit.budget() ? code : limit.unit());
    }
    return new Problem(429, code, limit.message())
        .retryAfter(limit.delay().toSeconds())
        .with(details);
  }

  static Problem pending(ApprovalRequest request) {
    String id = request.id().value();
    return new Problem(
            403,
            "approval_required",
            request.reason().message()
                + " (rule "
                + request.reason().rule()
                + ", risk "
                + request.risk().total()
                + "); a person must approve "
                + id
                + " by "
                + request.expiresAt()
                + ", then send exactly this request again")
        .with(
            Map.of(
                "rule", request.reason().rule(),
                "risk", request.risk().total(),
                "approval_id", id,
                "expires_at", request.expiresAt().toString()));
  }
}
