package dev.gatehouse.connectors.oauth;

import java.util.List;

/**
 * What a protected resource says of itself (RFC 9728), checked.
 *
 * @param resource its identifier, for the {@code resource} parameter
 * @param authorizationServers their issuers; at least one
 * @param scopes its {@code scopes_supported}
 * @param dpopRequired whether it takes bound tokens only
 */
record ResourceMetadata(
    String resource, List<String> authorizationServers, Scopes scopes, boolean dpopRequired) {

  ResourceMetadata {
    authorizationServers = List.copyOf(authorizationServers);
  }
}
