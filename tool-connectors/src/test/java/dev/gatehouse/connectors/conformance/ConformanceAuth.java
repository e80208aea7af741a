package dev.gatehouse.connectors.conformance;

import dev.gatehouse.connectors.json.Json;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How the operator of each auth scenario of the conformance suite would configure the upstream. */
final class ConformanceAuth {

  private static final URI METADATA_URL =
      URI.create("https://conformance-test.local/client-metadata.json");

  private ConformanceAuth() {}

  /**
   * The config; empty for a scenario without authorization.
   *
   * @param context what the suite tells the operator
   */
  static Optional<UpstreamAuth> of(String scenario, Map<String, Object> context) {
    if (!scenario.startsWith("auth/")) {
      return Optional.empty();
    }
    return Optional.of(
        switch (scenario) {
          case "auth/pre-registration" -> code(Optional.of(secret(context)));
          case "auth/client-credentials-basic" ->
              new ClientCredentials(secret(context), Set.of(), Optional.empty());
          case "auth/client-credentials-jwt" ->
              new ClientCredentials(key(context), Set.of(), Optional.empty());
          case "auth/wif-jwt-bearer" ->
              new WorkloadIdentity(
                  Client.open(Json.text(context, "client_id")),
                  new Assertion.Value(Json.text(context, "valid_jwt")),
                  Set.of(),
                  Optional.empty());
          case "auth/enterprise-managed-authorization" ->
              new TokenExchange(
                  secret(context),
                  new Assertion.Value(Json.text(context, "idp_id_token")),
                  TokenTypes.ID_TOKEN,
                  Optional.of(
                      new IdentityProvider(
                          URI.create(Json.text(context, "idp_token_endpoint")),
                          Client.open(Json.text(context, "idp_client_id")))),
                  Set.of(),
                  Optional.empty());
          default -> code(Optional.empty());
        });
  }

  private static AuthorizationCode code(Optional<Client> client) {
    return new AuthorizationCode(
        client,
        Optional.of(
            new ClientMetadata(
                METADATA_URL, AuthorizationCode.CLIENT_NAME, ClientMetadata.LOOPBACK)),
        AuthorizationCode.CLIENT_NAME,
        Set.of(),
        Optional.empty());
  }

  private static Client secret(Map<String, Object> context) {
    return new Client(
        Json.text(context, "client_id"),
        new ClientCredential.Secret(Json.text(context, "client_secret")));
  }

  private static Client key(Map<String, Object> context) {
    return new Client(
        Json.text(context, "client_id"),
        new ClientCredential.Key(
            SigningKey.ofPem(Json.text(context, "private_key_pem"), SigningAlgorithm.ES256, "")));
  }
}
