package dev.gatehouse.audit.note;

import dev.gatehouse.audit.chain.ChainHasher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * The public half of a checkpoint key, in the text form of C2SP {@code signed-note}: {@code
 * name+hash+base64}. Thread-safe.
 *
 * @param name the signer's name
 * @param publicKey hexadecimal digits, as many as its kind has
 */
public record VerifierKey(String name, KeyKind kind, String publicKey) {

  static final int ID_BYTES = 4;

  public VerifierKey {
    if (name.isEmpty() || name.contains("+") || name.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("a key's name has no plus and no space");
    }
    if (publicKey.length() != 2 * kind.publicBytes()) {
      throw new IllegalArgumentException(
          "a key of kind " + kind + " has " + kind.publicBytes() + " bytes");
    }
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not one, or its hash is wrong
   */
  public static VerifierKey parse(String text) {
    String[] parts = text.split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a verifier key has the form name+hash+base64");
    }
    byte[] typed = Base64.getDecoder().decode(parts[2]);
    KeyKind kind =
        KeyKind.of(typed.length == 0 ? 0 : typed[0])
            .orElseThrow(() -> new IllegalArgumentException("not a kind of key known here"));
    VerifierKey key = of(parts[0], kind, Arrays.copyOfRange(typed, 1, typed.length));
    if (!key.text().equals(text)) {
      throw new IllegalArgumentException("the verifier key's hash does not match it");
    }
    return key;
  }

  /** Reads keys, one a line. */
  public static List<VerifierKey> parseAll(String text) {
    return text.strip().lines().map(line -> parse(line.strip())).toList();
  }

  static VerifierKey of(String name, KeyKind kind, byte[] publicKey) {
    return new VerifierKey(name, kind, HexFormat.of().formatHex(publicKey));
  }

  private byte[] bytes() {
    return HexFormat.of().parseHex(publicKey);
  }

  /** The text form. */
  public String text() {
    return name + "+" + id() + "+" + Base64.getEncoder().encodeToString(typed(kind, bytes()));
  }

  /** Eight hexadecimal digits that name the key. */
  public String id() {
    return HexFormat.of().formatHex(idBytes());
  }

  byte[] idBytes() {
    MessageDigest sha256 = ChainHasher.sha256();
    sha256.update((name + "\n").getBytes(StandardCharsets.UTF_8));
    return Arrays.copyOf(sha256.digest(typed(kind, bytes())), ID_BYTES);
  }

  static byte[] typed(KeyKind kind, byte[] key) {
    return ByteBuffer.allocate(1 + key.length).put(kind.code()).put(key).array();
  }

  /** Whether the signature is this key's over the message. */
  public boolean verifies(byte[] message, byte[] signature) {
    Signer signer =
        switch (kind) {
          case ED25519 -> {
            Signer ed25519 = new Ed25519Signer();
            ed25519.init(false, new Ed25519PublicKeyParameters(bytes()));
            yield ed25519;
          }
          case ML_DSA_44 -> {
            Signer mldsa = new MLDSASigner();
            mldsa.init(false, new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_44, bytes()));
            yield mldsa;
          }
        };
    signer.update(message, 0, message.length);
    return signer.verifySignature(signature);
  }
}
