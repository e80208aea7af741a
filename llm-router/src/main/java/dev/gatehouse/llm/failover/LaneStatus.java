package dev.gatehouse.llm.failover;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a lane stands, for the record, the console and the operator's commands.
 *
 * @param model the model of the lane; {@code *} when one health stands for many
 * @param until when it will be considered again; empty when it is healthy or being probed
 * @param recentFailures failures within the window that this process saw
 * @param origin who knows this
 * @param age how old that knowledge is: since this process concluded it, or last heard of the fleet
 */
public record LaneStatus(
    String provider,
    String model,
    State state,
    Optional<Instant> until,
    int recentFailures,
    Origin origin,
    Duration age) {

  /** What the lane gets: everything, nothing, or one probe. */
  public enum State {
    HEALTHY,
    UNHEALTHY,
    PROBING,
    QUOTA_EXHAUSTED
  }

  /** Where knowledge about a lane comes from. */
  public enum Origin {
    /** This process by itself. */
    LOCAL,
    /** The fleet. */
    FLEET
  }
}
