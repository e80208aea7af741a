package dev.gatehouse.gateway.config;

import dev.gatehouse.connectors.oauth.Assertion;
import dev.gatehouse.connectors.oauth.Client;
import dev.gatehouse.connectors.oauth.ClientCredential;
import dev.gatehouse.connectors.oauth.ClientMetadata;
import dev.gatehouse.connectors.oauth.SigningAlgorithm;
import dev.gatehouse.connectors.oauth.SigningKey;
import dev.gatehouse.connectors.oauth.TokenTypes;
import dev.gatehouse.connectors.oauth.UpstreamAuth;
import dev.gatehouse.connectors.oauth.UpstreamAuth.AuthorizationCode;
import dev.gatehouse.connectors.oauth.UpstreamAuth.ClientCredentials;
import dev.gatehouse.connectors.oauth.UpstreamAuth.IdentityProvider;
import dev.gatehouse.connectors.oauth.UpstreamAuth.TokenExchange;
import dev.gatehouse.connectors.oauth.UpstreamAuth.WorkloadIdentity;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code mcpServers.X.auth}: how the gateway comes by the tokens of an upstream. */
final class UpstreamAuthReader {

  private static final Duration AGENT_ASSERTION_LIFETIME = Duration.ofMinutes(5);

  private final Path directory;

  UpstreamAuthReader(Path directory) {
    this.directory = directory;
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException when something is missing or does not fit
   */
  UpstreamAuth read(Section auth) {
    Set<String> scopes = new LinkedHashSet<>(auth.texts("scopes"));
    Optional<String> issuer = auth.optional("issuer");
    return switch (auth.text("type", "")) {
      case "authorization_code" ->
          new AuthorizationCode(
              auth.has("client_id") ? Optional.of(client(auth)) : Optional.empty(),
              auth.optional("client_metadata_url").map(url -> metadata(auth, url)),
              clientName(auth),
              scopes,
              issuer);
      case "client_credentials" -> new ClientCredentials(client(auth), scopes, issuer);
      case "workload_identity" ->
          new WorkloadIdentity(client(auth), assertion(auth), scopes, issuer);
      case "token_exchange" ->
          new TokenExchange(
              client(auth),
              assertion(auth),
              auth.text("subject_token_type", TokenTypes.JWT),
              auth.has("identity_provider")
                  ? Optional.of(provider(auth.section("identity_provider")))
                  : Optional.empty(),
              scopes,
              issuer);
      default -> throw new IllegalArgumentException("auth has no type that is known");
    };
  }

  private static String clientName(Section auth) {
    return auth.text("client_name", AuthorizationCode.CLIENT_NAME);
  }

  private static ClientMetadata metadata(Section auth, String url) {
    List<URI> redirects =
        auth.has("client_redirect_uris")
            ? auth.texts("client_redirect_uris").stream().map(URI::create).toList()
            : ClientMetadata.LOOPBACK;
    return new ClientMetadata(URI.create(url), clientName(auth), redirects);
  }

  private static Client client(Section section) {
    return new Client(required(section, "client_id"), credential(section));
  }

  private static ClientCredential credential(Section section) {
    if (section.has("client_secret") && section.has("private_key")) {
      throw new IllegalArgumentException("auth takes a client_secret or a private_key, not both");
    }
    if (section.has("private_key")) {
      return new ClientCredential.Key(key(section));
    }
    return section
        .optional("client_secret")
        .<ClientCredential>map(ClientCredential.Secret::new)
        .orElseGet(ClientCredential.None::new);
  }

  private static SigningKey key(Section section) {
    return SigningKey.ofPem(
        required(section, "private_key"),
        SigningAlgorithm.valueOf(section.text("signing_algorithm", "ES256")),
        section.text("key_id", ""));
  }

  private Assertion assertion(Section auth) {
    long given =
        Set.of("assertion", "assertion_file", "agent_assertion").stream().filter(auth::has).count();
    if (given != 1) {
      throw new IllegalArgumentException(
          "auth needs exactly one of assertion, assertion_file and agent_assertion");
    }
    if (auth.has("agent_assertion")) {
      return ofAgent(auth.section("agent_assertion"));
    }
    return auth.has("assertion")
        ? new Assertion.Value(required(auth, "assertion"))
        : new Assertion.InFile(directory.resolve(required(auth, "assertion_file")));
  }

  private static Assertion ofAgent(Section section) {
    return new Assertion.OfAgent(
        key(section),
        required(section, "issuer"),
        required(section, "audience"),
        section.duration("lifetime", AGENT_ASSERTION_LIFETIME));
  }

  private static IdentityProvider provider(Section section) {
    return new IdentityProvider(URI.create(required(section, "token_endpoint")), client(section));
  }

  private static String required(Section section, String key) {
    return section
        .optional(key)
        .orElseThrow(() -> new IllegalArgumentException("auth needs '" + key + "' for its type"));
  }
}
