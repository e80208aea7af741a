package dev.gatehouse.registry.token;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.gatehouse.core.registry.Scope;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The public documents by which clients find their way: protected resource metadata (RFC 9728),
 * and, of the own issuer, authorization server metadata (RFC 8414).
 */
final class Documents {

  /** Where clients look for the metadata of a resource. */
  static final String RESOURCE = "/.well-known/oauth-protected-resource";

  /** Where clients look for the metadata of an issuer. */
  static final String SERVER = "/.well-known/oauth-authorization-server";

  /** Where the own issuer's public keys are. */
  static final String KEYS = "/.well-known/jwks.json";

  /** Where tokens are to be had. */
  static final String TOKEN = "/oauth/token";

  /** Named because clients demand it; no agent's owner is asked in a browser. */
  private static final String AUTHORIZE = "/oauth/authorize";

  private Documents() {}

  /** The address of the resource's metadata: its path goes behind the well-known one. */
  static String metadataAddress(AuthConfig config) {
    return origin(config.resource()) + RESOURCE + path(config.resource());
  }

  /** Documents that stay the same while the config does, by path. */
  static Map<String, String> of(AuthConfig config) {
    Map<String, String> documents = new LinkedHashMap<>();
    String resource = json(resource(config));
    documents.put(RESOURCE, resource);
    documents.put(RESOURCE + "/mcp", resource);
    documents.put(RESOURCE + path(config.resource()), resource);
    config.own().ifPresent(own -> documents.put(SERVER, json(server(config, own))));
    return Map.copyOf(documents);
  }

  private static Map<String, Object> resource(AuthConfig config) {
    List<String> servers = new ArrayList<>();
    config.own().map(own -> own.issuer().toString()).ifPresent(servers::add);
    config.issuers().forEach(issuer -> servers.add(issuer.issuer()));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("resource", config.resource().toString());
    document.put("authorization_servers", servers);
    document.put("bearer_methods_supported", List.of("header"));
    putScopes(document, config);
    document.put("resource_name", "Gatehouse");
    return document;
  }

  private static Map<String, Object> server(AuthConfig config, OwnIssuerConfig own) {
    String issuer = own.issuer().toString();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("issuer", issuer);
    document.put("authorization_endpoint", issuer + AUTHORIZE);
    document.put("token_endpoint", issuer + TOKEN);
    document.put("jwks_uri", issuer + KEYS);
    document.put("response_types_supported", List.of());
    document.put("grant_types_supported", List.of("client_credentials"));
    document.put(
        "token_endpoint_auth_methods_supported",
        List.of("client_secret_basic", "client_secret_post", "private_key_jwt"));
    document.put(
        "token_endpoint_auth_signing_alg_values_supported",
        ClientAssertions.ALGORITHMS.stream().sorted().toList());
    putScopes(document, config);
    return document;
  }

  private static void putScopes(Map<String, Object> document, AuthConfig config) {
    Optional.of(config.scopes().stream().map(Scope::name).toList())
        .filter(names -> !names.isEmpty())
        .ifPresent(names -> document.put("scopes_supported", names));
  }

  static String json(Map<String, Object> document) {
    return JSONObjectUtils.toJSONString(document);
  }

  private static String origin(URI address) {
    return address.getScheme() + "://" + address.getRawAuthority();
  }

  private static String path(URI address) {
    return address.getRawPath().replaceFirst("/$", "");
  }
}
