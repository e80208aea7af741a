package dev.gatehouse.core.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One process's side of the fleet's sums. Called on one thread of the fleet's; must not block.
 * Moments are by the fleet's own clock.
 */
public interface SharedSums {

  /**
   * A sum, of one slot of time.
   *
   * @param name the same in every process; no blanks
   * @param slot the number of the slot
   * @param amount what is added, or the sum
   * @param oldest slots before that one count no more
   * @param keep how long it has to be remembered
   */
  record Part(String name, long slot, long amount, long oldest, Duration keep) {}

  /** What was added here and is not told yet; from now on it is on its way. */
  List<Part> untold(int max);

  /** What was on its way has arrived. */
  void arrived(List<Part> told);

  /** The fleet's word on some sums. */
  void heard(List<Part> sums);

  /** All sums as known here, for a fleet that has forgotten them or never knew. */
  List<Part> known();

  /** The fleet answers: it is that late there. */
  void together(Instant now);

  /**
   * The fleet does not answer: each of so many processes decides alone, and may not use more than
   * its share.
   */
  void apart(int processes);
}
