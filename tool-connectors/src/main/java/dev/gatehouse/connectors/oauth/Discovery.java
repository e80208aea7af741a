package dev.gatehouse.connectors.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds out who protects an upstream (MCP 2026-07-28, "Authorization Server Discovery"): the
 * resource's metadata by the challenge or at the well-known places, then that of its authorization
 * server; for servers of 2025-03-26, which have no such metadata, the server's own origin. Blocks.
 */
final class Discovery {

  private static final String RESOURCE = "/.well-known/oauth-protected-resource";
  private static final String OAUTH = "/.well-known/oauth-authorization-server";
  private static final String OPENID = "/.well-known/openid-configuration";

  private final URI upstream;
  private final Optional<String> onlyIssuer;
  private final OAuthHttp http;

  Discovery(URI upstream, Optional<String> onlyIssuer, OAuthHttp http) {
    this.upstream = upstream;
    this.onlyIssuer = onlyIssuer;
    this.http = http;
  }

  /**
   * Finds it out.
   *
   * @param metadataUrl the {@code resource_metadata} of the server's challenge
   */
  Discovered discover(Optional<String> metadataUrl) throws OAuthException {
    Optional<ResourceMetadata> resource = resource(metadataUrl);
    if (resource.isEmpty()) {
      AuthorizationServer server = ofOrigin();
      return new Discovered(canonical(upstream), Scopes.NONE, false, server);
    }
    ResourceMetadata found = resource.get();
    AuthorizationServer server = server(choose(found.authorizationServers()));
    return new Discovered(found.resource(), found.scopes(), found.dpopRequired(), server);
  }

  private Optional<ResourceMetadata> resource(Optional<String> metadataUrl) throws OAuthException {
    if (metadataUrl.isPresent()) {
      URI url = url(metadataUrl.get());
      JsonDocument document =
          fetch(url)
              .orElseThrow(
                  () ->
                      new OAuthException(
                          "there is no resource metadata where it says, at " + shown(url)));
      return Optional.of(resource(document));
    }
    for (URI url : wellKnown(upstream, RESOURCE)) {
      Optional<JsonDocument> document = fetch(url);
      if (document.isPresent()) {
        return Optional.of(resource(document.get()));
      }
    }
    return Optional.empty();
  }

  private ResourceMetadata resource(JsonDocument document) throws OAuthException {
    String resource =
        document
            .text("resource")
            .orElseThrow(() -> new OAuthException("its resource metadata names no resource"));
    if (!covers(url(resource))) {
      throw new OAuthException(
          "its resource metadata is about another resource, '" + shown(url(resource)) + "'");
    }
    List<String> servers = document.texts("authorization_servers").orElse(List.of());
    if (servers.isEmpty()) {
      throw new OAuthException("its resource metadata names no authorization server");
    }
    return new ResourceMetadata(
        resource,
        servers,
        Scopes.of(document.texts("scopes_supported").orElse(List.of())),
        document.flag("dpop_bound_access_tokens_required"));
  }

  /** Whether the upstream is that resource, or a part of it: same origin, path below. */
  private boolean covers(URI resource) {
    if (!origin(resource).equals(origin(upstream)) || resource.getRawFragment() != null) {
      return false;
    }
    String whole = directory(resource);
    return directory(upstream).startsWith(whole);
  }

  private static String directory(URI url) {
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    return path.endsWith("/") ? path : path + "/";
  }

  private String choose(List<String> issuers) throws OAuthException {
    if (onlyIssuer.isEmpty()) {
      return issuers.getFirst();
    }
    if (!issuers.contains(onlyIssuer.get())) {
      throw new OAuthException("it names other authorization servers than the configured issuer");
    }
    return onlyIssuer.get();
  }

  private AuthorizationServer server(String issuer) throws OAuthException {
    URI base = url(issuer);
    for (URI url : metadataUrls(base)) {
      Optional<JsonDocument> document = fetch(url);
      if (document.isPresent()) {
        return server(issuer, document.get());
      }
    }
    throw new OAuthException("the authorization server " + shown(base) + " has no metadata");
  }

  /** The places of a server's metadata in the order of the specification. */
  private static List<URI> metadataUrls(URI issuer) throws OAuthException {
    String path = path(issuer);
    List<URI> urls = new ArrayList<>();
    urls.add(at(issuer, OAUTH + path));
    urls.add(at(issuer, OPENID + path));
    if (!path.isEmpty()) {
      urls.add(at(issuer, path + OPENID));
    }
    return urls;
  }

  private static AuthorizationServer server(String issuer, JsonDocument document)
      throws OAuthException {
    if (!document.text("issuer").equals(Optional.of(issuer))) {
      throw new OAuthException(
          "the metadata of the authorization server "
              + shown(url(issuer))
              + " is of another issuer");
    }
    URI token =
        optionalUrl(document, "token_endpoint")
            .orElseThrow(
                () -> new OAuthException("its authorization server has no token endpoint"));
    return new AuthorizationServer(
        issuer,
        optionalUrl(document, "authorization_endpoint"),
        token,
        optionalUrl(document, "registration_endpoint"),
        document.texts("code_challenge_methods_supported").orElse(List.of()).contains("S256"),
        document
            .texts("token_endpoint_auth_methods_supported")
            .orElse(List.of(ClientAuthentication.BASIC)),
        Scopes.of(document.texts("scopes_supported").orElse(List.of())),
        document.flag("client_id_metadata_document_supported"),
        document.flag("authorization_response_iss_parameter_supported"),
        document.texts("dpop_signing_alg_values_supported").orElse(List.of()).contains("ES256"));
  }

  /** A server of MCP 2025-03-26: it is its own authorization server. */
  private AuthorizationServer ofOrigin() throws OAuthException {
    String origin = origin(upstream);
    if (onlyIssuer.isPresent() && !onlyIssuer.get().equals(origin)) {
      return server(onlyIssuer.get());
    }
    Optional<JsonDocument> document = fetch(at(upstream, OAUTH));
    if (document.isPresent()) {
      return server(origin, document.get());
    }
    return new AuthorizationServer(
        origin,
        Optional.of(at(upstream, "/authorize")),
        at(upstream, "/token"),
        Optional.of(at(upstream, "/register")),
        true, // 2025-03-26 has no other way to say so: PKCE is required of everybody
        List.of(ClientAuthentication.BASIC, ClientAuthentication.POST, ClientAuthentication.NONE),
        Scopes.NONE,
        false,
        false,
        false);
  }

  /** The document there; empty when there is none. */
  private Optional<JsonDocument> fetch(URI url) throws OAuthException {
    OAuthHttp.Answer answer = http.get(url);
    if (answer.status() == 200) {
      return answer.json();
    }
    if (answer.status() >= 500) {
      throw new OAuthException(shown(url) + " answered HTTP " + answer.status());
    }
    return Optional.empty();
  }

  /** The well-known places for a URL: with its path, then without. */
  private static List<URI> wellKnown(URI url, String suffix) throws OAuthException {
    String path = path(url);
    return path.isEmpty()
        ? List.of(at(url, suffix))
        : List.of(at(url, suffix + path), at(url, suffix));
  }

  private static String path(URI url) {
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static Optional<URI> optionalUrl(JsonDocument document, String name)
      throws OAuthException {
    Optional<String> text = document.text(name);
    return text.isEmpty() ? Optional.empty() : Optional.of(url(text.get()));
  }

  private static URI at(URI base, String path) throws OAuthException {
    return url(origin(base) + path);
  }

  private static URI url(String text) throws OAuthException {
    try {
      URI url = new URI(text);
      if (url.getScheme() != null && url.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException e) {
      throw new OAuthException("a URL in its metadata is malformed"); // the cause quotes it
    }
    throw new OAuthException("a URL in its metadata is malformed");
  }

  /**
   * The upstream's identifier, should it not tell (RFC 8707): its URL in lower case, no fragment.
   */
  private static String canonical(URI url) {
    String path = url.getRawPath() == null || url.getRawPath().equals("/") ? "" : url.getRawPath();
    return origin(url) + path + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
  }

  /** Scheme, host and port, the port only where it is not the scheme's own. */
  static String origin(URI url) {
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
    boolean usual =
        url.getPort() < 0
            || (scheme.equals("https") && url.getPort() == 443)
            || (scheme.equals("http") && url.getPort() == 80);
    return scheme + "://" + host + (usual ? "" : ":" + url.getPort());
  }

  /** A URL for people: a query may hold secrets. */
  private static String shown(URI url) {
    return origin(url) + path(url);
  }
}
