package dev.gatehouse.policy.condition;

/** A payload beyond what a condition may read. */
final class PayloadTooLongException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PayloadTooLongException(int charsMax) {
    super("the payload has more than " + charsMax + " characters", null, false, false);
  }
}
