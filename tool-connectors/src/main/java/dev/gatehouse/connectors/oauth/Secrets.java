package dev.gatehouse.connectors.oauth;

import java.security.SecureRandom;
import java.util.Base64;

/** Unguessable texts. Thread-safe. */
final class Secrets {

  private static final int BYTES = 32;

  private final SecureRandom random;

  Secrets(SecureRandom random) {
    this.random = random;
  }

  /** 43 url-safe characters. */
  String token() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
