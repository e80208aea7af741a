package dev.gatehouse.policy;

import dev.gatehouse.policy.activity.ActivityLimits;
import dev.gatehouse.policy.approval.ApprovalLimits;
import dev.gatehouse.policy.grant.GrantRules;
import dev.gatehouse.policy.ranges.Ranges;
import dev.gatehouse.policy.rules.Effect;
import java.time.Duration;
import java.util.Optional;

/**
 * What is fixed at start: how much is kept and how long is waited.
 *
 * @param reviewTimeout how long an approval that the review threshold demands may wait; silence
 *     then declines; 1 s to 7 days
 * @param throttleRetry the least that a throttled agent is told to wait; 1 ms to 1 h
 * @param approvals bounds of the approvals
 * @param activity bounds of the counters
 * @param grants who says yes to grants, and how much one may be; empty where agents cannot ask for
 *     any
 */
public record GovernanceLimits(
    Duration reviewTimeout,
    Duration throttleRetry,
    ApprovalLimits approvals,
    ActivityLimits activity,
    Optional<GrantRules> grants) {

  /** An hour, a second, the defaults of the others, and no grants. */
  public static final GovernanceLimits DEFAULT =
      new GovernanceLimits(
          Duration.ofHours(1),
          Duration.ofSeconds(1),
          ApprovalLimits.DEFAULT,
          ActivityLimits.DEFAULT,
          Optional.empty());

  public GovernanceLimits {
    Ranges.check(
        "the review timeout",
        reviewTimeout,
        Effect.ApprovalRequired.TIMEOUT_MIN,
        Effect.ApprovalRequired.TIMEOUT_MAX);
    Ranges.check("the throttle retry", throttleRetry, Duration.ofMillis(1), Duration.ofHours(1));
  }

  /** The same with grants by these rules. */
  public GovernanceLimits with(GrantRules rules) {
    return new GovernanceLimits(
        reviewTimeout, throttleRetry, approvals, activity, Optional.of(rules));
  }
}
