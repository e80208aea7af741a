package dev.gatehouse.core.fleet;

/**
 * Sums that the processes of a fleet keep together, such as of what is used up. Each process adds
 * and decides by what it knows, at once; the fleet carries the additions to the others.
 */
public interface FleetSums {

  /** Begins to carry; once. Returns at once. */
  void share(SharedSums sums);

  /** The fleet of one process: nothing is carried. */
  static FleetSums alone() {
    return _ -> {};
  }
}
