package dev.gatehouse.gateway.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that two sides share to sign messages, in the form of Standard Webhooks: the header
 * {@code webhook-signature} holds {@code v1,} and the base64 of the HMAC-SHA256 over {@code
 * id.timestamp.body}. Never shown.
 *
 * @param text {@code whsec_} and the base64 of 24 to 64 bytes
 */
public record WebhookSecret(String text) {

  static final String ID = "webhook-id";
  static final String TIMESTAMP = "webhook-timestamp";
  static final String SIGNATURE = "webhook-signature";

  private static final String PREFIX = "whsec_";
  private static final String VERSION = "v1,";
  private static final int BYTES_MIN = 24;
  private static final int BYTES_MAX = 64;
  private static final int SIGNATURES_MAX = 8;

  public WebhookSecret {
    int length = length(text);
    if (length < BYTES_MIN || length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "a webhook's secret is 'whsec_' and the base64 of "
              + BYTES_MIN
              + " to "
              + BYTES_MAX
              + " bytes, this is not; make one with: echo whsec_$(openssl rand -base64 32)");
    }
  }

  private static int length(String text) {
    try {
      return text.startsWith(PREFIX)
          ? Base64.getDecoder().decode(text.substring(PREFIX.length())).length
          : -1;
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }

  /**
   * The value of the header {@code webhook-signature}.
   *
   * @param timestamp seconds since 1970, as the header {@code webhook-timestamp} has it
   */
  String sign(String id, String timestamp, byte[] body) {
    return VERSION + Base64.getEncoder().encodeToString(mac(id, timestamp, body));
  }

  /**
   * Whether one of the signatures, which stand apart by spaces, is this secret's. Takes the same
   * time whatever they are.
   */
  boolean signed(String id, String timestamp, byte[] body, String signatures) {
    byte[] expected = sign(id, timestamp, body).getBytes(StandardCharsets.UTF_8);
    boolean found = false;
    String[] each = signatures.split(" ", SIGNATURES_MAX + 1);
    for (int i = 0; i < Math.min(each.length, SIGNATURES_MAX); i++) {
      found |= MessageDigest.isEqual(expected, each[i].getBytes(StandardCharsets.UTF_8));
    }
    return found;
  }

  private byte[] mac(String id, String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              Base64.getDecoder().decode(text.substring(PREFIX.length())), "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HMAC-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "WebhookSecret[…]";
  }
}
