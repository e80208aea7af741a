package dev.gatehouse.core.fleet;

import java.util.List;

/**
 * One process's side of what its fleet was ordered, of one kind. Called on one thread of the
 * carrier's; must not block.
 */
public interface SharedNotes {

  /** What this process has to tell, orders before ends. */
  List<FleetNote> notes();

  /**
   * Takes what the fleet knows; called at each look, also when there is nothing new. What makes
   * things stricter, such as a stop, holds when this returns.
   */
  void heard(List<FleetNote> notes);

  /**
   * The fleet's memory is another one than before, and is read from its beginning: what is not
   * heard again is not known there.
   */
  default void begunAnew() {}
}
