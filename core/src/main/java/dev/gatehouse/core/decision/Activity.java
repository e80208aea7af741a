package dev.gatehouse.core.decision;

import java.time.Duration;

/**
 * What an agent did of late, this call included.
 *
 * @param sessionActions actions in this session
 * @param callsLastMinute the agent's calls in the last sixty seconds, over all its sessions
 * @param rateFreeIn when an agent above its declared rate will be below it again; zero below it
 * @param past what was called in this session before, as far as the manifest asks
 */
public record Activity(
    int sessionActions, int callsLastMinute, Duration rateFreeIn, SessionPast past) {

  /** Activity of a session without a past. */
  public Activity(int sessionActions, int callsLastMinute, Duration rateFreeIn) {
    this(sessionActions, callsLastMinute, rateFreeIn, SessionPast.NONE);
  }

  /** Activity below the declared rate. */
  public Activity(int sessionActions, int callsLastMinute) {
    this(sessionActions, callsLastMinute, Duration.ZERO);
  }

  /** The same in a session with that past. */
  public Activity with(SessionPast before) {
    return before.equals(past)
        ? this
        : new Activity(sessionActions, callsLastMinute, rateFreeIn, before);
  }
}
