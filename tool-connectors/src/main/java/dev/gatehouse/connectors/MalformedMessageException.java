package dev.gatehouse.connectors;

/** A message from an upstream is not what the protocol allows. Its message quotes no content. */
final class MalformedMessageException extends Exception {

  private final String reason;

  MalformedMessageException(String message) {
    super(message);
    this.reason = message;
  }

  /** The message. */
  String reason() {
    return reason;
  }
}
