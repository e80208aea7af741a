package dev.gatehouse.connectors.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What an authorization server issued for an upstream. Never shown.
 *
 * @param issuer the server that issued it; no other gets to see it
 * @param access the access token
 * @param bound whether a DPoP proof has to go with it
 * @param refresh the refresh token
 * @param expires when the access token ends; unknown when empty
 * @param scopes what was asked for with it
 */
record Tokens(
    String issuer,
    String access,
    boolean bound,
    Optional<String> refresh,
    Optional<Instant> expires,
    Scopes scopes) {

  /** How long before its end a token is not used any more: clocks differ, requests take time. */
  static final Duration MARGIN = Duration.ofSeconds(10);

  boolean usableAt(Instant now) {
    return expires.map(end -> now.isBefore(end.minus(MARGIN))).orElse(true);
  }

  @Override
  public String toString() {
    return "Tokens[" + issuer + ", " + scopes + "]";
  }
}
