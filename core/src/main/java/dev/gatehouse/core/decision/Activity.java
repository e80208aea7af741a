package dev.gatehouse.core.decision;

import java.time.Duration;

/**
 * What an agent did of late, this call included.
 *
 * @param sessionActions actions in this session
 * @param callsLastMinute the agent's calls in the last sixty seconds, over all its sessions
 * @param rateFreeIn when an agent above its declared rate will be below it again; zero below it
 */
public record Activity(int sessionActions, int callsLastMinute, Duration rateFreeIn) {

  /** Activity below the declared rate. */
  public Activity(int sessionActions, int callsLastMinute) {
    this(sessionActions, callsLastMinute, Duration.ZERO);
  }
}
