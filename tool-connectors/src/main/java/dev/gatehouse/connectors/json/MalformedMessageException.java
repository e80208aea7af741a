package dev.gatehouse.connectors.json;

/** A message from an upstream is not what the protocol allows. Its message quotes no content. */
public final class MalformedMessageException extends Exception {

  private final String reason;

  public MalformedMessageException(String message) {
    super(message);
    this.reason = message;
  }

  /** The message. */
  public String reason() {
    return reason;
  }
}
