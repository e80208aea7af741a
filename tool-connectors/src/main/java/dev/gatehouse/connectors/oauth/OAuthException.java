package dev.gatehouse.connectors.oauth;

/**
 * An authorization that did not come about, and why, in words for people. Holds no secret and
 * nothing that a server said but its error code.
 */
final class OAuthException extends Exception {

  /** What an operator can do about it. */
  enum Kind {
    /** Nothing here: the other side is wrong, or away. */
    REFUSED,
    /** Ask for other tokens: the grant that was used is no good any more. */
    GRANT_GONE,
    /** Register again: the server does not know the client. */
    CLIENT_GONE,
    /** Authorize the upstream. */
    OPERATOR_NEEDED
  }

  private final Kind kind;
  private final String reason;

  OAuthException(String reason) {
    this(Kind.REFUSED, reason);
  }

  OAuthException(Kind kind, String reason) {
    super(reason);
    this.kind = kind;
    this.reason = reason;
  }

  OAuthException(String reason, Throwable cause) {
    super(reason, cause);
    this.kind = Kind.REFUSED;
    this.reason = reason;
  }

  Kind kind() {
    return kind;
  }

  /** The message. */
  String reason() {
    return reason;
  }
}
