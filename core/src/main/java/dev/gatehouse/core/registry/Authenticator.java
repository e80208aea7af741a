package dev.gatehouse.core.registry;

import org.jspecify.annotations.Nullable;

/**
 * Checks the credential of a request. Called on an event loop; never blocks, never throws.
 * Thread-safe.
 */
public interface Authenticator {

  /**
   * Checks the two headers in which clients send a key or a token.
   *
   * @param authorization the {@code Authorization} header
   * @param apiKey the {@code x-api-key} header; read only when there is no {@code Authorization}
   */
  Authentication authenticate(@Nullable String authorization, @Nullable String apiKey);

  /** What a client whose credential is not good is told to bring. */
  default Challenge challenge() {
    return Challenge.KEYS;
  }
}
