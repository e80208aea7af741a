package dev.gatehouse.core.decision;

import java.time.Duration;
import java.util.List;

/**
 * What is to happen with a call. Stronger decisions win: deny, then approval, then throttle, then
 * permit.
 */
public sealed interface Decision {

  /** Why. */
  Reason reason();

  /** 0 for the weakest; the stronger of two decisions wins. */
  int strength();

  /** The verdict's name in rows and replies. */
  String verdict();

  /** Carry it out. */
  record Permit(Reason reason) implements Decision {
    @Override
    public int strength() {
      return 0;
    }

    @Override
    public String verdict() {
      return "allow";
    }
  }

  /**
   * Not now.
   *
   * @param retryAfter when a retry may succeed
   */
  record Throttle(Reason reason, Duration retryAfter) implements Decision {
    @Override
    public int strength() {
      return 1;
    }

    @Override
    public String verdict() {
      return "throttle";
    }
  }

  /**
   * Only after a person approved exactly this call.
   *
   * @param timeout how long the question stands; silence declines
   * @param approvers who may answer, such as {@code group:secops-leads}; empty means any operator
   * @param quorum how many of them must say yes; one no declines
   */
  record RequireApproval(Reason reason, Duration timeout, List<String> approvers, int quorum)
      implements Decision {
    public RequireApproval {
      approvers = List.copyOf(approvers);
    }

    /** A demand that one approver satisfies. */
    public RequireApproval(Reason reason, Duration timeout, List<String> approvers) {
      this(reason, timeout, approvers, 1);
    }

    @Override
    public int strength() {
      return 2;
    }

    @Override
    public String verdict() {
      return "approval_required";
    }
  }

  /** Never. */
  record Deny(Reason reason) implements Decision {
    @Override
    public int strength() {
      return 3;
    }

    @Override
    public String verdict() {
      return "deny";
    }
  }
}
