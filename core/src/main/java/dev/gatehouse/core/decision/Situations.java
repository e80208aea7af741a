package dev.gatehouse.core.decision;

import dev.gatehouse.core.call.GovernedCall;

/**
 * Gathers the situation of a call from in-memory snapshots. Called on an event loop; never blocks.
 * Counts the call.
 */
public interface Situations {

  /** The situation of this call, now. */
  Situation of(GovernedCall call);
}
