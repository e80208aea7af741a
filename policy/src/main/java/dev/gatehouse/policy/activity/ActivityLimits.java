package dev.gatehouse.policy.activity;

import dev.gatehouse.policy.ranges.Ranges;
import java.time.Duration;

/**
 * Bounds of the activity counters.
 *
 * @param sessionsMax sessions that are counted at a time, over all agents; the one unused longest
 *     is forgotten
 * @param sessionIdle after that long without a call a session is forgotten, 1 min to 7 days
 * @param sessionsExpected over how many sessions an honest agent spreads its work at a time: each
 *     of its sessions counts for at least this share of all that the agent did in the last hour, so
 *     that new session ids win it that factor at most, and 1 makes them worthless
 */
public record ActivityLimits(int sessionsMax, Duration sessionIdle, int sessionsExpected) {

  /** 50,000 sessions, a day, 8. */
  public static final ActivityLimits DEFAULT = new ActivityLimits(50_000, Duration.ofDays(1), 8);

  public ActivityLimits {
    Ranges.check("the number of sessions", sessionsMax, 1, 10_000_000);
    Ranges.check(
        "the idle time of a session", sessionIdle, Duration.ofMinutes(1), Duration.ofDays(7));
    Ranges.check("the number of expected sessions", sessionsExpected, 1, 10_000);
  }
}
