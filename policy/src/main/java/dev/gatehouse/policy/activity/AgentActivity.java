package dev.gatehouse.policy.activity;

import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.policy.activity.ActivityName.Kind;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The counters of one agent. Thread-safe: each count holds the lock for a few dozen nanoseconds.
 *
 * <p>Calls beyond the declared rate are reported but not counted into the minute, so that an agent
 * that keeps asking still gets its declared rate, and not nothing.
 */
final class AgentActivity {

  /**
   * New sessions of an hour that are counted over a fleet; what more there are is counted by each
   * process, and over the fleet in the agent's hour, so that nobody fills it by inventing sessions.
   */
  static final int SHARED_SESSIONS_MAX = 1_000;

  private final SlidingWindow minute = new SlidingWindow(60, 1_000);
  private final SlidingWindow hour = new SlidingWindow(60, 60_000);
  private final SlidingWindow hourWithoutSession = new SlidingWindow(60, 60_000);
  private final SlidingWindow newSessions = new SlidingWindow(12, 300_000);
  private final Elsewhere minuteElsewhere;
  private final Elsewhere hourElsewhere;
  private final Elsewhere hourWithoutSessionElsewhere;

  /**
   * @param elsewhere where the other processes' counts of the agent are found
   */
  AgentActivity(Function<Kind, Elsewhere> elsewhere) {
    this.minuteElsewhere = elsewhere.apply(Kind.MINUTE);
    this.hourElsewhere = elsewhere.apply(Kind.HOUR);
    this.hourWithoutSessionElsewhere = elsewhere.apply(Kind.HOUR_WITHOUT_SESSION);
  }

  /**
   * Counts a call.
   *
   * @param ownActions actions of its session, this one included; empty when it names none, and then
   *     it counts in the agent's own pseudo-session of the last hour
   */
  synchronized Activity count(
      long nowMillis, OptionalInt declaredRate, OptionalInt ownActions, int sessionsExpected) {
    int inHour = hour.add(nowMillis) + hourElsewhere.add(nowMillis);
    int own = ownActions.isPresent() ? ownActions.getAsInt() : countWithoutSession(nowMillis);
    int actions = Math.max(own, inHour / sessionsExpected);
    int before = minute.count(nowMillis) + minuteElsewhere.count(nowMillis);
    if (declaredRate.isPresent() && before >= declaredRate.getAsInt()) {
      return new Activity(
          actions,
          before + 1,
          Duration.ofMillis(below(declaredRate.getAsInt(), before, nowMillis)));
    }
    return new Activity(actions, minute.add(nowMillis) + minuteElsewhere.add(nowMillis));
  }

  private int countWithoutSession(long nowMillis) {
    return hourWithoutSession.add(nowMillis) + hourWithoutSessionElsewhere.add(nowMillis);
  }

  private long below(int rate, int calls, long nowMillis) {
    return Fall.below(rate, calls, minute.falls(nowMillis), minuteElsewhere.falls(nowMillis));
  }

  /** Whether one more session of the agent is counted over the fleet, which then counts as such. */
  synchronized boolean sharesSession(long nowMillis) {
    if (newSessions.count(nowMillis) >= SHARED_SESSIONS_MAX) {
      return false;
    }
    newSessions.add(nowMillis);
    return true;
  }

  /**
   * What the others count of it.
   *
   * @throws IllegalArgumentException when that is no count of an agent
   */
  Elsewhere elsewhere(Kind kind) {
    return switch (kind) {
      case MINUTE -> minuteElsewhere;
      case HOUR -> hourElsewhere;
      case HOUR_WITHOUT_SESSION -> hourWithoutSessionElsewhere;
      case SESSION, BEGUN, COMPLETED ->
          throw new IllegalArgumentException(kind + " is of a session");
    };
  }
}
