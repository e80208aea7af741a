package dev.gatehouse.llm.replay;

import dev.gatehouse.llm.failover.Entry;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.failover.LaneStatus;
import java.util.Map;
import java.util.Optional;

/** What tells a rerun how lanes answer. */
interface Telling {

  /** How a lane's health was known; the place is the one in the order of trying. */
  LaneStatus status(int place, Lane lane);

  /** Whether it lets the call in. */
  Entry enter(int place, Lane lane);

  /** What the fleet answers about it; empty when the call did not live to hear it. */
  Optional<Entry> answer(int place, Lane lane);

  /**
   * What the lane then does: a failure or that the call cannot be put into its words; empty when
   * nothing more is on record.
   */
  Optional<Map<String, Object>> next(int place, Lane lane);

  /** Whether the call lives to ask the lane again after a wait. */
  boolean livesOn();

  /** How it ends at a lane of which nothing more is on record. */
  String end(Lane lane);
}
