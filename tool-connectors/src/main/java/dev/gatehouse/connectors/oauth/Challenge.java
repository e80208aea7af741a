package dev.gatehouse.connectors.oauth;

import java.util.Optional;

/**
 * What an upstream said it wants.
 *
 * @param metadataUrl where its metadata is; at the well-known places when empty
 * @param scopes what the request takes
 * @param bound whether it wants bound tokens
 */
record Challenge(Optional<String> metadataUrl, Scopes scopes, boolean bound) {

  static Challenge of(WwwAuthenticate header) {
    return new Challenge(
        header.param("resource_metadata"),
        header.param("scope").map(Scopes::parse).orElse(Scopes.NONE),
        header.scheme().equals("dpop"));
  }
}
