package dev.gatehouse.policy.activity;

import dev.gatehouse.core.decision.Activity;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * The counters of one agent. Thread-safe: each count holds the lock for a few dozen nanoseconds.
 *
 * <p>Calls beyond the declared rate are reported but not counted into the minute, so that an agent
 * that keeps asking still gets its declared rate, and not nothing.
 */
final class AgentActivity {

  private final SlidingWindow minute = new SlidingWindow(60, 1_000);
  private final SlidingWindow hour = new SlidingWindow(60, 60_000);
  private final SlidingWindow hourWithoutSession = new SlidingWindow(60, 60_000);

  /**
   * Counts a call.
   *
   * @param ownActions actions of its session, this one included; empty when it names none, and then
   *     it counts in the agent's own pseudo-session of the last hour
   */
  synchronized Activity count(
      long nowMillis, OptionalInt declaredRate, OptionalInt ownActions, int sessionsExpected) {
    int inHour = hour.add(nowMillis);
    int own = ownActions.isPresent() ? ownActions.getAsInt() : hourWithoutSession.add(nowMillis);
    int actions = Math.max(own, inHour / sessionsExpected);
    int before = minute.count(nowMillis);
    if (declaredRate.isPresent() && before >= declaredRate.getAsInt()) {
      return new Activity(actions, before + 1, Duration.ofMillis(minute.fallsInMillis(nowMillis)));
    }
    return new Activity(actions, minute.add(nowMillis));
  }
}
