package dev.gatehouse.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * The public half of a checkpoint key, in the text form of C2SP {@code signed-note}: {@code
 * name+hash+base64}. Thread-safe.
 *
 * @param name the signer's name
 * @param publicKey Ed25519, 64 hexadecimal digits
 */
record VerifierKey(String name, String publicKey) {

  private static final byte ED25519 = 1;
  private static final int ID_BYTES = 4;
  private static final int SIGNATURE_BYTES = 64;

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not one, or its hash is wrong
   */
  static VerifierKey parse(String text) {
    String[] parts = text.strip().split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a verifier key has the form name+hash+base64");
    }
    byte[] typed = Base64.getDecoder().decode(parts[2]);
    if (typed.length != 1 + Ed25519PublicKeyParameters.KEY_SIZE || typed[0] != ED25519) {
      throw new IllegalArgumentException("not an Ed25519 verifier key");
    }
    VerifierKey key = of(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
    if (!key.id().equals(parts[1])) {
      throw new IllegalArgumentException("the verifier key's hash does not match it");
    }
    return key;
  }

  static VerifierKey of(String name, byte[] publicKey) {
    return new VerifierKey(name, HexFormat.of().formatHex(publicKey));
  }

  private byte[] bytes() {
    return HexFormat.of().parseHex(publicKey);
  }

  /** The text form. */
  String text() {
    return name + "+" + id() + "+" + Base64.getEncoder().encodeToString(typed(bytes()));
  }

  /** Eight hexadecimal digits that name the key. */
  String id() {
    return HexFormat.of().formatHex(idBytes());
  }

  byte[] idBytes() {
    MessageDigest sha256 = ChainHasher.sha256();
    sha256.update((name + "\n").getBytes(StandardCharsets.UTF_8));
    return Arrays.copyOf(sha256.digest(typed(bytes())), ID_BYTES);
  }

  static byte[] typed(byte[] key) {
    return ByteBuffer.allocate(1 + key.length).put(ED25519).put(key).array();
  }

  /** Whether the signature, base64 of key id and Ed25519 signature, is this key's over the text. */
  boolean verifies(String text, String signature) {
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(signature);
    } catch (IllegalArgumentException e) {
      return false;
    }
    // Base64 has several spellings of the same bytes; only the one that signers write is accepted.
    if (decoded.length != ID_BYTES + SIGNATURE_BYTES
        || !Base64.getEncoder().encodeToString(decoded).equals(signature)
        || !MessageDigest.isEqual(idBytes(), Arrays.copyOf(decoded, ID_BYTES))) {
      return false;
    }
    byte[] message = text.getBytes(StandardCharsets.UTF_8);
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(false, new Ed25519PublicKeyParameters(bytes()));
    signer.update(message, 0, message.length);
    return signer.verifySignature(Arrays.copyOfRange(decoded, ID_BYTES, decoded.length));
  }
}
