package dev.gatehouse.fleet;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * What all processes of a fleet know and Redis does not: what they order is sealed with it. Never
 * shown; compared in constant time.
 */
public final class FleetSecret {

  static final int BYTES_MIN = 32;
  static final int BYTES_MAX = 4_096;

  private final byte[] bytes;

  /**
   * @param key names it where it is refused
   * @param text 32 to 4096 bytes in UTF-8, of which nobody can guess any
   */
  public FleetSecret(String key, String text) {
    bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < BYTES_MIN || bytes.length > BYTES_MAX) {
      throw new IllegalArgumentException(
          key
              + " is a text of "
              + BYTES_MIN
              + " to "
              + BYTES_MAX
              + " bytes, the same at all gateways of the fleet, this has "
              + bytes.length
              + "; make one with: openssl rand -base64 32");
    }
  }

  /** Whether it is this text. */
  boolean is(String text) {
    return MessageDigest.isEqual(bytes, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes themselves, for {@link NoteSeal} and nowhere else. */
  byte[] reveal() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FleetSecret that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 1; // says nothing of it
  }

  @Override
  public String toString() {
    return "FleetSecret[hidden]";
  }
}
