package dev.gatehouse.registry;

import dev.gatehouse.core.json.Digest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Keys of agents and operators: {@code gh_} and 43 url-safe characters that hold 256 random bits.
 */
public final class AgentKeys {

  /** What every key begins with, so that secret scanners find leaked ones. */
  public static final String PREFIX = "gh_";

  /** Characters of a key, prefix included. */
  public static final int LENGTH = 46;

  private static final int BYTES = 32;

  private AgentKeys() {}

  /**
   * A fresh key and what the config stores of it.
   *
   * @param key shown once, stored nowhere
   * @param digest its SHA-256
   */
  public record GeneratedKey(String key, Digest digest) {
    /** Without the key. */
    @Override
    public String toString() {
      return "GeneratedKey[" + digest + "]";
    }
  }

  /** Makes a key out of the system's secure random bits. */
  public static GeneratedKey generate() {
    byte[] bits = new byte[BYTES];
    new SecureRandom().nextBytes(bits);
    String key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    return new GeneratedKey(key, digest(key));
  }

  /** SHA-256 of a key, as the config stores it. */
  public static Digest digest(String key) {
    return Digest.of(key.getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether the text has the shape of a key. */
  static boolean wellFormed(String text) {
    if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
      return false;
    }
    for (int i = PREFIX.length(); i < LENGTH; i++) {
      char c = text.charAt(i);
      boolean urlSafe =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '-';
      if (!urlSafe) {
        return false;
      }
    }
    return true;
  }
}
