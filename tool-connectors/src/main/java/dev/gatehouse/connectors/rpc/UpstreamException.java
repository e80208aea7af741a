package dev.gatehouse.connectors.rpc;

/** An upstream cannot be used, and why, in words for people; no secret, no payload. */
public final class UpstreamException extends Exception {

  private final String reason;

  public UpstreamException(String message) {
    super(message);
    this.reason = message;
  }

  public UpstreamException(String message, Throwable cause) {
    super(message, cause);
    this.reason = message;
  }

  /** The message. */
  public String reason() {
    return reason;
  }
}
