package dev.gatehouse.connectors;

/** An upstream cannot be used, and why, in words for people; no secret, no payload. */
final class UpstreamException extends Exception {

  UpstreamException(String message) {
    super(message);
  }

  UpstreamException(String message, Throwable cause) {
    super(message, cause);
  }
}
