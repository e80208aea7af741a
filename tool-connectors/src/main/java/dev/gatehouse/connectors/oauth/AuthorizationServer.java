package dev.gatehouse.connectors.oauth;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What an authorization server says of itself (RFC 8414), checked.
 *
 * @param issuer its identifier, compared character by character
 * @param pkce whether it knows the code challenge method S256
 * @param tokenAuthMethods how clients may prove themselves at the token endpoint
 * @param metadataDocuments whether it takes client-id metadata documents
 * @param namesIssuer whether its authorization responses have an {@code iss} (RFC 9207)
 * @param dpop whether it takes DPoP proofs that are signed with ES256
 */
record AuthorizationServer(
    String issuer,
    Optional<URI> authorizationEndpoint,
    URI tokenEndpoint,
    Optional<URI> registrationEndpoint,
    boolean pkce,
    List<String> tokenAuthMethods,
    Scopes scopes,
    boolean metadataDocuments,
    boolean namesIssuer,
    boolean dpop) {

  AuthorizationServer {
    tokenAuthMethods = List.copyOf(tokenAuthMethods);
  }
}
