package dev.gatehouse.llm.config;

import dev.gatehouse.core.json.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A value that is sent upstream and shown to nobody: its text form hides it, and it compares in
 * constant time.
 */
public final class Secret {

  private final String value;

  /**
   * @param value 1 to 8,192 visible ASCII characters, so that it cannot break out of a header
   */
  public Secret(String value) {
    if (value.isEmpty() || value.length() > 8_192) {
      throw new IllegalArgumentException(
          "a secret has 1 to 8192 characters, this has " + value.length());
    }
    if (!value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("a secret has visible ASCII characters only");
    }
    this.value = value;
  }

  /** The value itself, for the upstream's header and nowhere else. */
  public String reveal() {
    return value;
  }

  /** The first 12 digits of its SHA-256, which tell two secrets apart. */
  public String fingerprint() {
    return Digest.of(value.getBytes(StandardCharsets.US_ASCII)).hex().substring(0, 12);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret that
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.US_ASCII),
            that.value.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "Secret[hidden]";
  }
}
