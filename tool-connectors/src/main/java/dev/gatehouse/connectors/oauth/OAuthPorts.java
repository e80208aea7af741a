package dev.gatehouse.connectors.oauth;

import java.security.SecureRandom;
import java.util.Optional;

/**
 * What the OAuth client of upstreams needs of its surroundings.
 *
 * @param store keeps what operators authorized
 * @param prompt reaches a person while a request waits; empty where an operator has to come first
 * @param random for keys and secrets
 */
public record OAuthPorts(
    TokenStore store, Optional<AuthorizationPrompt> prompt, SecureRandom random) {

  /** Nothing is kept, and nobody is asked. */
  public static OAuthPorts inMemory() {
    return new OAuthPorts(TokenStore.inMemory(), Optional.empty(), new SecureRandom());
  }
}
