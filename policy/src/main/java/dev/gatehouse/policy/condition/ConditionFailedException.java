package dev.gatehouse.policy.condition;

/**
 * A condition could not be evaluated for a call. Its message says of what kind the failure is and
 * where in the expression; never a value of the payload.
 */
public final class ConditionFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  ConditionFailedException(String message) {
    super(message, null, false, false); // thrown on event loops, told in rows: no stack trace
  }
}
