package dev.gatehouse.mcp.asking;

import dev.gatehouse.core.json.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and opens {@code requestState}: the name of a waiting call, until when it waits, and for
 * which request, encrypted and authenticated with AES-256-GCM under a key of this process.
 * Thread-safe.
 *
 * <p>The key is random and lives as long as the process, like the calls that it names.
 */
public final class StateSeal {

  private static final byte[] PURPOSE =
      "gatehouse mcp requestState 1".getBytes(StandardCharsets.US_ASCII);
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int DIGEST_BYTES = 32;
  private static final int STATE_CHARS_MAX = 512;

  private final SecureRandom random;
  private final SecretKeySpec key;

  /**
   * What a state says.
   *
   * @param call names the waiting call in this process
   * @param request the digest of who asks for what
   */
  public record State(long call, Instant expiresAt, Digest request) {}

  public StateSeal(SecureRandom random) {
    this.random = random;
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    key = new SecretKeySpec(bytes, "AES");
  }

  /**
   * Seals a state.
   *
   * @param call names the waiting call in this process
   * @param request the digest of who asks for what
   */
  public String seal(long call, Instant expiresAt, Digest request) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    ByteBuffer plain = ByteBuffer.allocate(2 * Long.BYTES + DIGEST_BYTES);
    plain
        .putLong(call)
        .putLong(expiresAt.toEpochMilli())
        .put(HexFormat.of().parseHex(request.hex()));
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain.array());
      byte[] state =
          ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(state);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no AES-GCM", e);
    }
  }

  /** Opens a state; empty when this process did not make exactly that. */
  public Optional<State> open(String sealed) {
    if (sealed.length() > STATE_CHARS_MAX) {
      return Optional.empty();
    }
    try {
      byte[] state = Base64.getUrlDecoder().decode(sealed);
      if (state.length <= NONCE_BYTES) {
        return Optional.empty();
      }
      byte[] nonce = Arrays.copyOf(state, NONCE_BYTES);
      ByteBuffer plain =
          ByteBuffer.wrap(
              cipher(Cipher.DECRYPT_MODE, nonce)
                  .doFinal(state, NONCE_BYTES, state.length - NONCE_BYTES));
      long call = plain.getLong();
      Instant expiresAt = Instant.ofEpochMilli(plain.getLong());
      byte[] request = new byte[DIGEST_BYTES];
      plain.get(request);
      return Optional.of(new State(call, expiresAt, new Digest(HexFormat.of().formatHex(request))));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(PURPOSE);
    return cipher;
  }
}
