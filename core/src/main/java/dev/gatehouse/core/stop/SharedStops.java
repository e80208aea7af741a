package dev.gatehouse.core.stop;

import java.util.List;

/**
 * One process's side of what its fleet has stopped. Called on one thread of the carrier's; must not
 * block.
 */
public interface SharedStops {

  /** Every order that this process knows, stops before liftings. */
  List<StopNote> notes();

  /**
   * Takes what the fleet knows; called at each look, also when there is nothing new. A stop holds
   * when this returns.
   */
  void heard(List<StopNote> notes);
}
