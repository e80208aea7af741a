package dev.gatehouse.connectors;

/** An upstream cannot be used, and why, in words for people; no secret, no payload. */
final class UpstreamException extends Exception {

  private final String reason;

  UpstreamException(String message) {
    super(message);
    this.reason = message;
  }

  UpstreamException(String message, Throwable cause) {
    super(message, cause);
    this.reason = message;
  }

  /** The message. */
  String reason() {
    return reason;
  }
}
