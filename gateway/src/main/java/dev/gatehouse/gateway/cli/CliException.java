package dev.gatehouse.gateway.cli;

/**
 * A command cannot go on; the message tells the user why and what to do, and is all that he sees.
 */
final class CliException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CliException(String message) {
    super(message);
  }

  CliException(String message, Throwable cause) {
    super(message, cause);
  }
}
