package dev.gatehouse.policy.activity;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.fleet.FleetSums;
import dev.gatehouse.core.registry.Agent;
import java.time.InstantSource;

/** What agents did of late: how often they called, and what in their sessions. Thread-safe. */
public final class RecentActivity {

  private final ActivityLimits limits;
  private final InstantSource clock;
  private final ActivityCounters counters;
  private final SessionPasts pasts;

  public RecentActivity(ActivityLimits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
    this.counters = new ActivityCounters(limits, clock);
    this.pasts = new SessionPasts(limits, clock);
  }

  /**
   * From now on what agents do at the other processes of a fleet counts here, too; once, and before
   * the first call.
   */
  public void share(FleetSums fleet) {
    FleetActivity.share(counters, pasts, limits.sessionIdle(), clock, fleet);
  }

  /** Counts the call; returns what the agent did of late, this call included. */
  public Activity count(GovernedCall call, Agent agent, long nowMillis) {
    return counters.count(call, agent, nowMillis).with(pasts.before(call, agent));
  }

  /** That call is let through. */
  public void begun(GovernedCall call, Agent agent) {
    pasts.begun(call, agent);
  }

  /** That call was carried out without an error. */
  public void completed(GovernedCall call, Agent agent) {
    pasts.completed(call, agent);
  }
}
