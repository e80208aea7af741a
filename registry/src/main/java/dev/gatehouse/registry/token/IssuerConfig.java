package dev.gatehouse.registry.token;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An issuer outside whose tokens are taken.
 *
 * @param issuer its name, exactly as the {@code iss} claim has it: an https address
 * @param jwksUri where its keys are; empty to find out from its metadata (RFC 8414, OpenID Connect
 *     Discovery)
 * @param audiences of which a token must name one
 * @param algorithms signature algorithms that are taken; asymmetric ones only
 * @param subjectClaim the claim by whose value agents list their subjects
 * @param agentClaim the claim whose value is the id of an agent; empty when only the agents'
 *     subjects count
 * @param requiredScopes scopes that every token of it must have
 * @param clockSkew how far its clock may be off, at most {@link #CLOCK_SKEW_MAX}
 */
public record IssuerConfig(
    String issuer,
    Optional<URI> jwksUri,
    Set<String> audiences,
    Set<String> algorithms,
    String subjectClaim,
    Optional<String> agentClaim,
    List<String> requiredScopes,
    Duration clockSkew) {

  /** Every algorithm that can be verified. Those with a shared secret are none. */
  public static final Set<String> ALGORITHMS =
      Set.of(
          "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
          "Ed25519");

  /** What is taken by default: all but the ones that are slow to verify. */
  public static final Set<String> ALGORITHMS_DEFAULT =
      Set.of("RS256", "PS256", "ES256", "EdDSA", "Ed25519");

  /** Default clock skew. */
  public static final Duration CLOCK_SKEW_DEFAULT = Duration.ofSeconds(30);

  /** Largest clock skew. */
  public static final Duration CLOCK_SKEW_MAX = Duration.ofMinutes(5);

  public IssuerConfig {
    audiences = Set.copyOf(audiences);
    algorithms = Set.copyOf(algorithms);
    requiredScopes = List.copyOf(requiredScopes);
    var _ = TrustedAddress.check("an issuer", URI.create(issuer));
    jwksUri.ifPresent(uri -> TrustedAddress.check("jwks_uri", uri));
    if (audiences.isEmpty() || audiences.contains("")) {
      throw new IllegalArgumentException(
          "issuer " + issuer + " needs an audience: without one, tokens for others would do");
    }
    if (algorithms.isEmpty() || !ALGORITHMS.containsAll(algorithms)) {
      throw new IllegalArgumentException(
          "issuer "
              + issuer
              + " takes algorithms among "
              + ALGORITHMS.stream().sorted().toList()
              + ", these are "
              + algorithms);
    }
    if (clockSkew.isNegative() || clockSkew.compareTo(CLOCK_SKEW_MAX) > 0) {
      throw new IllegalArgumentException(
          "clock_skew lies in 0s.." + CLOCK_SKEW_MAX.toSeconds() + "s, this is " + clockSkew);
    }
  }
}
