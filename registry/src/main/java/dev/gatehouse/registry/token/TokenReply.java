package dev.gatehouse.registry.token;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The answer of the token endpoint (RFC 6749, sections 5.1 and 5.2).
 *
 * @param challenge value of {@code WWW-Authenticate}; empty for none
 * @param json the body, never to be stored
 * @param retryAfter what the client is to wait, when it asked too often
 * @param issued what was issued, for the record; empty for an error
 */
public record TokenReply(
    int status,
    String challenge,
    String json,
    Optional<Duration> retryAfter,
    Optional<Issued> issued) {

  /**
   * A token without its secret.
   *
   * @param agent whom it stands for
   * @param credentialId the first 12 digits of its digest, by which rows name it
   * @param keyId the name of the key that was shown for it
   * @param scope its scopes, separated by blanks; empty when none narrow it
   */
  public record Issued(
      String agent, String credentialId, String keyId, String scope, Instant expires) {}

  static TokenReply error(int status, String code, String description) {
    return new TokenReply(
        status,
        status == 401 ? "Basic realm=\"gatehouse\"" : "",
        Documents.json(Map.of("error", code, "error_description", description)),
        Optional.empty(),
        Optional.empty());
  }

  /** Too many requests. */
  static TokenReply slowDown(String limit, int max, Duration retryAfter) {
    return new TokenReply(
        429,
        "",
        Documents.json(
            Map.of(
                "error",
                "slow_down",
                "error_description",
                "more than " + limit + " " + max + " requests within a minute")),
        Optional.of(retryAfter),
        Optional.empty());
  }

  /** Without the body, which may hold a token. */
  @Override
  public String toString() {
    return "TokenReply[" + status + "]";
  }
}
