package dev.gatehouse.core.json;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A SHA-256 digest, compared in constant time.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) {

  private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(Digest::sha256);

  public Digest {
    if (hex.length() != 64 || !lowerHex(hex)) {
      throw new IllegalArgumentException(
          "a SHA-256 digest has 64 lower-case hexadecimal digits, this has "
              + hex.length()
              + " characters");
    }
  }

  private static boolean lowerHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** Digests raw bytes. */
  public static Digest of(byte[] bytes) {
    return ofHash(SHA256.get().digest(bytes));
  }

  /** The digest whose 32 bytes these are. */
  public static Digest ofHash(byte[] hash) {
    return new Digest(HexFormat.of().formatHex(hash));
  }

  /** Makes what digests bytes that come bit by bit. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Digests the canonical form of a JSON tree, so that member order and spelling of numbers do not
   * matter.
   */
  public static Digest ofJson(@Nullable Object tree) {
    return of(CanonicalJson.bytes(tree));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Digest that && MessageDigest.isEqual(latin(hex), latin(that.hex));
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  @Override
  public String toString() {
    return hex;
  }

  private static byte[] latin(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
