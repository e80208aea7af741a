package dev.gatehouse.gateway.config;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Scope;
import dev.gatehouse.registry.token.AuthConfig;
import dev.gatehouse.registry.token.IssuerConfig;
import dev.gatehouse.registry.token.OwnIssuerConfig;
import dev.gatehouse.registry.token.TokenEndpointLimits;
import dev.gatehouse.registry.token.TokenLimits;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code auth}: whose tokens are taken, and what they are good for. */
final class AuthReader {

  /** Where the own signing keys are, in the data directory. */
  static final String KEY_FILE = "token-keys.json";

  private final Building building;

  AuthReader(Building building) {
    this.building = building;
  }

  Optional<AuthConfig> read(Section root, Path dataDir) {
    Section auth = root.section("auth");
    return root.has("auth")
        ? building.attempt(auth, () -> config(auth, dataDir))
        : Optional.empty();
  }

  private static AuthConfig config(Section auth, Path dataDir) {
    URI resource = URI.create(auth.text("resource", ""));
    List<Scope> scopes = auth.sections("scopes").stream().map(AuthReader::scope).toList();
    return new AuthConfig(
        resource,
        scopes,
        auth.has("initial_scopes")
            ? auth.texts("initial_scopes")
            : scopes.stream().map(Scope::name).toList(),
        auth.text("static_keys", "accept").equals("accept"),
        auth.sections("issuers").stream().map(issuer -> issuer(issuer, resource)).toList(),
        auth.has("own_issuer")
            ? Optional.of(own(auth.section("own_issuer"), resource, dataDir))
            : Optional.empty(),
        limits(auth));
  }

  private static Scope scope(Section scope) {
    return new Scope(
        scope.text("name", ""),
        scope.has("operations")
            ? scope.texts("operations").stream().map(Words::operation).collect(Collectors.toSet())
            : EnumSet.allOf(OperationType.class),
        globs(scope, "tools"),
        globs(scope, "models"),
        globs(scope, "resources"),
        globs(scope, "prompts"));
  }

  private static IssuerConfig issuer(Section issuer, URI resource) {
    return new IssuerConfig(
        issuer.text("issuer", ""),
        issuer.optional("jwks_uri").map(URI::create),
        issuer.has("audiences")
            ? Set.copyOf(issuer.texts("audiences"))
            : Set.of(resource.toString()),
        issuer.has("algorithms")
            ? Set.copyOf(issuer.texts("algorithms"))
            : IssuerConfig.ALGORITHMS_DEFAULT,
        issuer.text("subject_claim", "sub"),
        issuer.optional("agent_claim"),
        issuer.texts("required_scopes"),
        issuer.duration("clock_skew", IssuerConfig.CLOCK_SKEW_DEFAULT));
  }

  private static OwnIssuerConfig own(Section own, URI resource, Path dataDir) {
    String origin = resource.getScheme() + "://" + resource.getRawAuthority();
    return new OwnIssuerConfig(
        URI.create(own.text("issuer", origin)),
        own.duration("token_lifetime", OwnIssuerConfig.TOKEN_LIFETIME_DEFAULT),
        dataDir.resolve(KEY_FILE),
        endpoint(own));
  }

  private static TokenEndpointLimits endpoint(Section own) {
    TokenEndpointLimits fallback = TokenEndpointLimits.DEFAULT;
    return new TokenEndpointLimits(
        own.integer("requests_per_client_max", fallback.requestsPerClientMax()),
        own.integer("requests_per_address_max", fallback.requestsPerAddressMax()),
        own.integer("addresses_max", fallback.addressesMax()),
        own.integer("assertions_max", fallback.assertionsMax()));
  }

  private static TokenLimits limits(Section auth) {
    TokenLimits fallback = TokenLimits.DEFAULT;
    return new TokenLimits(
        auth.integer("token_chars_max", fallback.tokenCharsMax()),
        auth.duration("token_lifetime_max", fallback.tokenLifetimeMax()),
        auth.integer("verified_tokens_max", fallback.verifiedTokensMax()),
        auth.duration("keys_refresh", fallback.keysRefresh()),
        auth.duration("keys_refresh_min", fallback.keysRefreshMin()),
        auth.duration("keys_timeout", fallback.keysTimeout()),
        auth.duration("keys_max_age", fallback.keysMaxAge()));
  }

  private static List<Glob> globs(Section section, String key) {
    return section.texts(key).stream().map(Glob::new).toList();
  }
}
