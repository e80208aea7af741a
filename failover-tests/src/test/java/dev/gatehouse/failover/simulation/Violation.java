package dev.gatehouse.failover.simulation;

/** An invariant does not hold in this world. */
final class Violation extends AssertionError {

  private static final long serialVersionUID = 1L;

  Violation(String message) {
    super(message);
  }
}
