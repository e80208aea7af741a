package dev.gatehouse.policy.text;

/** The text stops making sense at a place. */
final class SyntaxException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int at;

  SyntaxException(int at, String message) {
    super(message, null, false, false);
    this.at = at;
  }

  int at() {
    return at;
  }
}
