package dev.gatehouse.audit.personal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.json.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * A value and what is needed to hold it against a commitment, as RFC 9901 section 4.2 has it: the
 * base64url text of the JSON array of salt, name and value, here in canonical form.
 *
 * @param salt 22 base64url characters: 128 random bits
 * @param value a plain JSON tree
 */
public record Disclosure(String salt, String name, Object value) {

  static final int SALT_BYTES = 16;
  static final int SALT_CHARS = 22;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();
  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(
          () -> {
            try {
              return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
              throw new IllegalStateException("every JDK has SHA-256", e);
            }
          });

  public String text() {
    return TO_TEXT.encodeToString(CanonicalJson.exactBytes(List.of(salt, name, value)));
  }

  /** The commitment to a disclosure's text: base64url of its SHA-256. */
  public static String digest(String text) {
    return TO_TEXT.encodeToString(SHA256.get().digest(text.getBytes(StandardCharsets.US_ASCII)));
  }

  /**
   * Reads a disclosure's text.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Disclosure parse(String text) {
    byte[] json = Base64.getUrlDecoder().decode(text);
    try {
      JsonNode parts = JSON.readTree(json);
      if (!parts.isArray()
          || parts.size() != 3
          || parts.get(0).asText().length() < SALT_CHARS
          || !parts.get(1).isTextual()) {
        throw new IllegalArgumentException("a disclosure is salt, name and value");
      }
      Object value = JSON.convertValue(parts.get(2), Object.class);
      return new Disclosure(parts.get(0).asText(), parts.get(1).asText(), value);
    } catch (IOException e) {
      throw new IllegalArgumentException("a disclosure that is no JSON", e);
    }
  }

  static String salt(byte[] random) {
    return TO_TEXT.encodeToString(random);
  }
}
