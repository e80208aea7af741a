package dev.gatehouse.console;

/** A request that cannot be understood; the message goes to the client. */
final class BadRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BadRequestException(String message) {
    super(message);
  }
}
