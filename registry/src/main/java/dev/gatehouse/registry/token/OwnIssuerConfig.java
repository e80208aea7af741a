package dev.gatehouse.registry.token;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The gateway as an issuer: agents exchange their keys for short-lived tokens.
 *
 * @param issuer its name and the address under which clients reach it; no path
 * @param tokenLifetime at most {@link #TOKEN_LIFETIME_MAX}
 * @param keyFile where the signing keys are kept
 * @param limits how much the token endpoint takes
 */
public record OwnIssuerConfig(
    URI issuer, Duration tokenLifetime, Path keyFile, TokenEndpointLimits limits) {

  /** Default lifetime. */
  public static final Duration TOKEN_LIFETIME_DEFAULT = Duration.ofMinutes(10);

  /** Longest lifetime: a token cannot be called back by itself. */
  public static final Duration TOKEN_LIFETIME_MAX = Duration.ofHours(1);

  public OwnIssuerConfig {
    TrustedAddress.check("the own issuer", issuer);
    if (!issuer.getRawPath().isEmpty() || issuer.getRawQuery() != null) {
      throw new IllegalArgumentException(
          "the own issuer is an address without path, this is '" + issuer + "'");
    }
    if (!tokenLifetime.isPositive() || tokenLifetime.compareTo(TOKEN_LIFETIME_MAX) > 0) {
      throw new IllegalArgumentException(
          "token_lifetime lies in 1s.."
              + TOKEN_LIFETIME_MAX.toSeconds()
              + "s, this is "
              + tokenLifetime);
    }
  }
}
