package dev.gatehouse.llm.failover;

import java.time.Instant;
import java.util.Optional;

/**
 * How a lane stands, for the console and the operator's commands.
 *
 * @param model the model of the lane; {@code *} when one health stands for many
 * @param until when it will be considered again; empty when it is healthy or being probed
 * @param recentFailures failures within the window
 */
public record LaneStatus(
    String provider, String model, State state, Optional<Instant> until, int recentFailures) {

  /** What the lane gets: everything, nothing, or one probe. */
  public enum State {
    HEALTHY,
    UNHEALTHY,
    PROBING,
    QUOTA_EXHAUSTED
  }
}
