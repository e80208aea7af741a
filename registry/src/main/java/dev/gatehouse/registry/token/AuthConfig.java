package dev.gatehouse.registry.token;

import dev.gatehouse.core.registry.Scope;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The gateway as an OAuth resource server.
 *
 * @param resource its canonical address, which tokens name as their audience (RFC 8707)
 * @param scopes what tokens may be good for, narrowest first; without any, a token is good for all
 *     that its agent may do
 * @param initialScopes what a client without a token is told to ask for
 * @param keysAccepted whether a static key is taken at the endpoints, and not just for a token
 * @param issuers whose tokens are taken, besides the gateway's own
 * @param own the gateway as an issuer; empty when it issues no tokens
 */
public record AuthConfig(
    URI resource,
    List<Scope> scopes,
    List<String> initialScopes,
    boolean keysAccepted,
    List<IssuerConfig> issuers,
    Optional<OwnIssuerConfig> own,
    TokenLimits limits) {

  /** Most issuers of one gateway. */
  public static final int ISSUERS_MAX = 32;

  /** Most scopes of one gateway. */
  public static final int SCOPES_MAX = 100;

  public AuthConfig {
    scopes = List.copyOf(scopes);
    initialScopes = List.copyOf(initialScopes);
    issuers = List.copyOf(issuers);
    TrustedAddress.check("the resource", resource);
    if (resource.getRawQuery() != null) {
      throw new IllegalArgumentException("the resource has no query, this is '" + resource + "'");
    }
    if (issuers.isEmpty() && own.isEmpty()) {
      throw new IllegalArgumentException(
          "auth needs an issuer: list issuers, or let the gateway issue tokens itself");
    }
    atMost("issuers", issuers.size(), ISSUERS_MAX);
    atMost("scopes", scopes.size(), SCOPES_MAX);
    distinctIssuers(issuers, own);
    Set<String> names = scopes.stream().map(Scope::name).collect(Collectors.toSet());
    if (names.size() < scopes.size()) {
      throw new IllegalArgumentException("two scopes have the same name");
    }
    for (String name : initialScopes) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException("initial scope '" + name + "' is not among the scopes");
      }
    }
  }

  private static void distinctIssuers(List<IssuerConfig> issuers, Optional<OwnIssuerConfig> own) {
    Set<String> names = new HashSet<>();
    own.ifPresent(config -> names.add(config.issuer().toString()));
    for (IssuerConfig issuer : issuers) {
      if (!names.add(issuer.issuer())) {
        throw new IllegalArgumentException("issuer " + issuer.issuer() + " stands twice");
      }
    }
  }

  private static void atMost(String what, int count, int max) {
    if (count > max) {
      throw new IllegalArgumentException("at most " + max + " " + what + ", these are " + count);
    }
  }
}
