package dev.gatehouse.core.decision;

import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import java.time.Duration;
import java.util.List;

/**
 * Several demands for approval made into one question that satisfies them all: the shortest wait,
 * the largest quorum, and only approvers whom every demand accepts.
 */
final class ApprovalDemands {

  private ApprovalDemands() {}

  /** One demand out of all that the findings hold; a denial when nobody could satisfy them all. */
  static Decision combined(List<Decision> findings) {
    RequireApproval combined = null;
    for (Decision finding : findings) {
      if (finding instanceof RequireApproval demand) {
        if (combined == null) {
          combined = demand;
          continue;
        }
        List<String> approvers = acceptedByBoth(combined.approvers(), demand.approvers());
        if (approvers.isEmpty() && !combined.approvers().isEmpty()) {
          return conflict(combined, demand);
        }
        combined =
            new RequireApproval(
                (combined.approvers().isEmpty() ? demand : combined).reason(),
                shorter(combined.timeout(), demand.timeout()),
                approvers,
                Math.max(combined.quorum(), demand.quorum()));
      }
    }
    if (combined == null) {
      throw new IllegalArgumentException("no finding demands an approval");
    }
    return combined;
  }

  /** The findings that demand something else. */
  static List<Decision> without(List<Decision> findings) {
    return findings.stream().filter(finding -> !(finding instanceof RequireApproval)).toList();
  }

  private static List<String> acceptedByBoth(List<String> one, List<String> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() ? other : one;
    }
    return one.stream().filter(other::contains).toList();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Deny conflict(RequireApproval one, RequireApproval other) {
    return new Deny(
        new Reason(
            "approval.conflict",
            one.reason().rule()
                + " and "
                + other.reason().rule()
                + " demand approvers of whom none is accepted by both; change one of the rules"));
  }
}
