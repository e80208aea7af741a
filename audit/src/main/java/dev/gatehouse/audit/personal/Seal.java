package dev.gatehouse.audit.personal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM over what is kept beside one row, bound to the row's place. Single thread. The 96-bit
 * nonce is random: a key is good for 2^32 rows (NIST SP 800-38D section 8.3).
 */
final class Seal {

  static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;

  private final SecureRandom random = new SecureRandom();
  private final Cipher cipher;

  Seal() {
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** Nonce and sealed bytes. */
  byte[] seal(SecretKey key, String stream, long seq, byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = new byte[NONCE_BYTES + plain.length + TAG_BYTES];
    System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
      cipher.updateAAD(place(stream, seq));
      cipher.doFinal(plain, 0, plain.length, sealed, NONCE_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing with AES-GCM failed", e);
    }
  }

  /** What was sealed; empty when the bytes are not those that were sealed for this place. */
  Optional<byte[]> open(SecretKey key, String stream, long seq, byte[] sealed) {
    try {
      cipher.init(
          Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * TAG_BYTES, sealed, 0, NONCE_BYTES));
      cipher.updateAAD(place(stream, seq));
      return Optional.of(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("opening with AES-GCM failed", e);
    }
  }

  private static byte[] place(String stream, long seq) {
    byte[] name = stream.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(name.length + Long.BYTES).put(name).putLong(seq).array();
  }
}
