package dev.gatehouse.policy;

import dev.gatehouse.policy.activity.ActivityLimits;
import dev.gatehouse.policy.approval.ApprovalLimits;
import dev.gatehouse.policy.ranges.Ranges;
import dev.gatehouse.policy.rules.Effect;
import java.time.Duration;

/**
 * What is fixed at start: how much is kept and how long is waited.
 *
 * @param reviewTimeout how long an approval that the review threshold demands may wait; silence
 *     then declines; 1 s to 7 days
 * @param throttleRetry the least that a throttled agent is told to wait; 1 ms to 1 h
 * @param approvals bounds of the approvals
 * @param activity bounds of the counters
 */
public record GovernanceLimits(
    Duration reviewTimeout,
    Duration throttleRetry,
    ApprovalLimits approvals,
    ActivityLimits activity) {

  /** An hour, a second, and the defaults of the others. */
  public static final GovernanceLimits DEFAULT =
      new GovernanceLimits(
          Duration.ofHours(1),
          Duration.ofSeconds(1),
          ApprovalLimits.DEFAULT,
          ActivityLimits.DEFAULT);

  public GovernanceLimits {
    Ranges.check(
        "the review timeout",
        reviewTimeout,
        Effect.ApprovalRequired.TIMEOUT_MIN,
        Effect.ApprovalRequired.TIMEOUT_MAX);
    Ranges.check("the throttle retry", throttleRetry, Duration.ofMillis(1), Duration.ofHours(1));
  }
}
