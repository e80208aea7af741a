package dev.gatehouse.core.decision;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.outcome.Outcome;

/**
 * Gathers the situation of a call from in-memory snapshots. Called on an event loop; never blocks.
 * Counts the call.
 */
public interface Situations {

  /** The situation of this call, now. */
  Situation of(GovernedCall call);

  /**
   * Hears what was decided in a situation of its own, before that is on record. Like {@link #of};
   * one that throws refuses the call.
   */
  default void decided(GovernedCall call, Situation situation, Ruling ruling) {}

  /** Hears what came of a granted call, as soon as that is known. Must not throw. */
  default void settled(GovernedCall call, Outcome outcome) {}
}
