package dev.gatehouse.llm.failover;

/**
 * What a journey asks of a lane's health: how it stands, and to be let in. Answered by a breaker
 * when a call is made, and from the record when it is decided again.
 */
public interface LaneDoor {

  /** Asks to use the lane. */
  Entry enter();

  /** How the lane stands. */
  LaneStatus status();
}
