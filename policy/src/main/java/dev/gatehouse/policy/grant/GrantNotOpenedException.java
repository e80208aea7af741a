package dev.gatehouse.policy.grant;

/** A grant that was approved and cannot be opened. */
final class GrantNotOpenedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message says why, for the agent
   */
  GrantNotOpenedException(String message) {
    super(message);
  }
}
