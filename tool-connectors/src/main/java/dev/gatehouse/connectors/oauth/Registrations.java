package dev.gatehouse.connectors.oauth;

import dev.gatehouse.connectors.oauth.UpstreamAuth.AuthorizationCode;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The clients that the gateway is at authorization servers, by issuer: what one server issued is
 * never shown to another (MCP 2026-07-28, "Client Registration"). A client that was registered by
 * hand comes first, then a client-id metadata document, then registration by the gateway itself.
 * Blocks.
 */
final class Registrations {

  private final AuthorizationCode config;
  private final OAuthHttp http;
  private final Map<String, Registration> known = new ConcurrentHashMap<>();
  private volatile @Nullable String issuerOfConfigured;

  Registrations(AuthorizationCode config, OAuthHttp http) {
    this.config = config;
    this.http = http;
  }

  /** The client at that server; registered when there is none yet. */
  Registration at(AuthorizationServer server, URI redirectUri, Scopes scopes)
      throws OAuthException {
    if (config.client().isPresent()) {
      return configured(config.client().get(), server);
    }
    if (config.metadata().isPresent() && server.metadataDocuments()) {
      return document(config.metadata().get(), server);
    }
    Registration there = known.get(server.issuer());
    if (there == null || !there.redirectUri().equals(redirectUri.toString())) {
      there = register(server, redirectUri, scopes);
      known.put(server.issuer(), there);
    }
    return there;
  }

  /** The client at that server, unless it would have to be registered. */
  Optional<Registration> existing(AuthorizationServer server) throws OAuthException {
    if (config.client().isPresent()) {
      return Optional.of(configured(config.client().get(), server));
    }
    if (config.metadata().isPresent() && server.metadataDocuments()) {
      return Optional.of(document(config.metadata().get(), server));
    }
    return Optional.ofNullable(known.get(server.issuer()));
  }

  /** Those that the gateway registered itself, by issuer. */
  Map<String, Registration> known() {
    return Map.copyOf(known);
  }

  /** Takes up what {@link #known} gave once. */
  void restore(Map<String, Registration> earlier) {
    known.putAll(earlier);
  }

  /** Forgets a client that its server does not know any more. */
  void forget(String issuer) {
    known.remove(issuer);
  }

  private static Registration document(ClientMetadata metadata, AuthorizationServer server) {
    return new Registration(Client.open(metadata.url().toString()), server.tokenAuthMethods(), "");
  }

  /** A configured client belongs to the configured issuer, else to the first that is met. */
  private Registration configured(Client client, AuthorizationServer server) throws OAuthException {
    String first = issuerOfConfigured;
    if (first == null) {
      issuerOfConfigured = server.issuer();
    } else if (!first.equals(server.issuer())) {
      throw new OAuthException(
          "it has another authorization server than the one that its client_id is of");
    }
    return new Registration(client, server.tokenAuthMethods(), "");
  }

  private Registration register(AuthorizationServer server, URI redirectUri, Scopes scopes)
      throws OAuthException {
    URI url =
        server
            .registrationEndpoint()
            .orElseThrow(
                () ->
                    new OAuthException(
                        "its authorization server registers no clients by itself; configure a"
                            + " client_id"));
    String wanted = method(server.tokenAuthMethods());
    OAuthHttp.Answer answer =
        http.postJson(url, JsonDocument.write(request(redirectUri, scopes, wanted)));
    Optional<JsonDocument> document = answer.json();
    if ((answer.status() != 201 && answer.status() != 200) || document.isEmpty()) {
      throw refused(answer.status(), document.flatMap(said -> said.text("error")));
    }
    return registered(document.get(), server, redirectUri);
  }

  private Map<String, Object> request(URI redirectUri, Scopes scopes, String method) {
    boolean local = !"https".equals(redirectUri.getScheme());
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("client_name", config.clientName());
    request.put("redirect_uris", List.of(redirectUri.toString()));
    request.put("grant_types", List.of("authorization_code", "refresh_token"));
    request.put("response_types", List.of("code"));
    request.put("token_endpoint_auth_method", method);
    request.put("application_type", local ? "native" : "web");
    if (!scopes.isEmpty()) {
      request.put("scope", scopes.toString());
    }
    return request;
  }

  private static Registration registered(
      JsonDocument document, AuthorizationServer server, URI redirectUri) throws OAuthException {
    try {
      String id =
          document
              .text("client_id")
              .orElseThrow(() -> new IllegalArgumentException("no client id was issued"));
      Client client =
          document
              .text("client_secret")
              .map(secret -> new Client(id, new ClientCredential.Secret(secret)))
              .orElse(Client.open(id));
      List<String> methods =
          document
              .text("token_endpoint_auth_method")
              .filter(server.tokenAuthMethods()::contains)
              .map(List::of)
              .orElse(server.tokenAuthMethods());
      return new Registration(client, methods, redirectUri.toString());
    } catch (IllegalArgumentException e) {
      throw new OAuthException("its authorization server registered no usable client", e);
    }
  }

  private static OAuthException refused(int status, Optional<String> error) {
    String code = error.filter(text -> text.matches("[a-z_]{1,64}")).orElse("HTTP " + status);
    return new OAuthException(
        "its authorization server refused to register the gateway as a client (" + code + ")");
  }

  private static String method(List<String> methods) {
    return List.of(ClientAuthentication.BASIC, ClientAuthentication.POST, ClientAuthentication.NONE)
        .stream()
        .filter(methods::contains)
        .findFirst()
        .orElse(ClientAuthentication.BASIC);
  }
}
