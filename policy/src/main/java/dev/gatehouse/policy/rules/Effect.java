package dev.gatehouse.policy.rules;

import dev.gatehouse.core.approval.Review;
import dev.gatehouse.policy.ranges.Ranges;
import java.time.Duration;
import java.util.List;

/** What a rule demands of the calls that it matches. */
public sealed interface Effect {

  /** Its verdict's name in files and rows. */
  default String word() {
    return switch (this) {
      case Allow _ -> "allow";
      case Deny _ -> "deny";
      case ApprovalRequired _ -> "approval_required";
      case Throttle _ -> "throttle";
    };
  }

  /** Nothing: the match is on record, and other demands stand. */
  record Allow() implements Effect {}

  /** Never. */
  record Deny() implements Effect {}

  /**
   * A person must approve first.
   *
   * @param approvers who may, such as {@code group:secops-leads} or {@code user:ann}; empty means
   *     any operator
   * @param timeout how long the question stands, {@link #TIMEOUT_MIN} to {@link #TIMEOUT_MAX}
   * @param showDiff whether approvers are to see the payload against the target's present state,
   *     where the connector can read it
   * @param quorum how many approvers must say yes, 1 to {@value Review#QUORUM_MAX}; one no declines
   */
  record ApprovalRequired(List<String> approvers, Duration timeout, boolean showDiff, int quorum)
      implements Effect {

    public static final Duration TIMEOUT_MIN = Duration.ofSeconds(1);
    public static final Duration TIMEOUT_MAX = Duration.ofDays(7);
    public static final Duration TIMEOUT_DEFAULT = Duration.ofHours(1);

    public ApprovalRequired {
      approvers = List.copyOf(approvers);
      for (String approver : approvers) {
        if (!approver.matches("(group|user):.{1,128}")) {
          throw new IllegalArgumentException(
              "an approver is written group:NAME or user:NAME, this is '" + approver + "'");
        }
      }
      Ranges.check("the timeout of an approval", timeout, TIMEOUT_MIN, TIMEOUT_MAX);
      Ranges.check("the quorum of an approval", quorum, 1, Review.QUORUM_MAX);
    }

    /** A question for one approver. */
    public ApprovalRequired(List<String> approvers, Duration timeout, boolean showDiff) {
      this(approvers, timeout, showDiff, 1);
    }

    /** A question that shows the payload alone. */
    public ApprovalRequired(List<String> approvers, Duration timeout) {
      this(approvers, timeout, false);
    }
  }

  /**
   * Not now.
   *
   * @param retryAfter what the agent is told to wait, 1 ms to 1 h
   */
  record Throttle(Duration retryAfter) implements Effect {

    public static final Duration RETRY_DEFAULT = Duration.ofSeconds(1);

    public Throttle {
      Ranges.check(
          "the retry time of a throttle", retryAfter, Duration.ofMillis(1), Duration.ofHours(1));
    }
  }
}
