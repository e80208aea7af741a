package dev.gatehouse.policy.grant;

import dev.gatehouse.policy.ranges.Ranges;
import dev.gatehouse.policy.rules.Effect.ApprovalRequired;
import java.time.Duration;

/**
 * Who says yes to grants, and how much one may be.
 *
 * @param asked who is asked, how long, and how many must say yes; somebody is named, since who
 *     opens a grant opens what other rules would ask others for
 * @param defaultTtl how long a grant is open when the agent does not say; whole minutes
 * @param maxTtl the longest that an agent may ask for; whole minutes, 1 to {@value #MINUTES_MAX}
 * @param maxPerAgent grants that one agent may have open, 1 to 100
 */
public record GrantRules(
    ApprovalRequired asked, Duration defaultTtl, Duration maxTtl, int maxPerAgent) {

  public static final Duration DEFAULT_TTL = Duration.ofMinutes(15);
  public static final Duration MAX_TTL = Duration.ofMinutes(60);
  public static final int MAX_PER_AGENT = 5;

  /** A day: what is needed for longer belongs into rules. */
  public static final int MINUTES_MAX = 24 * 60;

  public GrantRules {
    if (asked.approvers().isEmpty()) {
      throw new IllegalArgumentException(
          "grants need approvers, such as group:secops-leads; none is named");
    }
    checkTtl("the longest time of a grant", maxTtl, Duration.ofMinutes(MINUTES_MAX));
    checkTtl("the usual time of a grant", defaultTtl, maxTtl);
    Ranges.check("the number of grants of an agent", maxPerAgent, 1, 100);
  }

  private static void checkTtl(String what, Duration ttl, Duration max) {
    Ranges.check(what, ttl, Duration.ofMinutes(1), max);
    if (!ttl.equals(Duration.ofMinutes(ttl.toMinutes()))) {
      throw new IllegalArgumentException(what + " is told in whole minutes, this is " + ttl);
    }
  }
}
