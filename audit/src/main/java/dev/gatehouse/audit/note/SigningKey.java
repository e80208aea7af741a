package dev.gatehouse.audit.note;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * One private key; its text form is the one that Go's {@code sumdb/note} reads: {@code
 * PRIVATE+KEY+name+hash+base64} over kind and seed. Thread-safe.
 */
public final class SigningKey {

  private static final String PREFIX = "PRIVATE+KEY+";
  private static final int SEED_BYTES = 32;

  private final byte[] seed;
  private final VerifierKey verifierKey;

  private SigningKey(String name, KeyKind kind, byte[] seed) {
    this.seed = seed.clone();
    byte[] publicKey =
        switch (kind) {
          case ED25519 -> new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
          case ML_DSA_44 -> mldsa(seed).getPublicKeyParameters().getEncoded();
        };
    this.verifierKey = VerifierKey.of(name, kind, publicKey);
  }

  static SigningKey create(String name, KeyKind kind, SecureRandom random) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return new SigningKey(name, kind, seed);
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not one; the message may quote the key
   */
  public static SigningKey parse(String text) {
    String[] parts = text.split("\\+", 5);
    if (!text.startsWith(PREFIX) || parts.length != 5) {
      throw new IllegalArgumentException("not a signer key");
    }
    byte[] typed = Base64.getDecoder().decode(parts[4]);
    if (typed.length != 1 + SEED_BYTES) {
      throw new IllegalArgumentException("a signer key has 33 bytes");
    }
    KeyKind kind =
        KeyKind.of(typed[0])
            .orElseThrow(() -> new IllegalArgumentException("not a kind of key known here"));
    SigningKey key = new SigningKey(parts[2], kind, Arrays.copyOfRange(typed, 1, typed.length));
    if (!key.verifierKey.id().equals(parts[3])) {
      throw new IllegalArgumentException("the hash does not match the key");
    }
    return key;
  }

  private static MLDSAPrivateKeyParameters mldsa(byte[] seed) {
    return new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_44, seed);
  }

  String text() {
    byte[] typed = VerifierKey.typed(verifierKey.kind(), seed);
    return PREFIX
        + verifierKey.name()
        + "+"
        + verifierKey.id()
        + "+"
        + Base64.getEncoder().encodeToString(typed);
  }

  public VerifierKey verifierKey() {
    return verifierKey;
  }

  public byte[] sign(byte[] message) {
    Signer signer =
        switch (verifierKey.kind()) {
          case ED25519 -> {
            Signer ed25519 = new Ed25519Signer();
            ed25519.init(true, new Ed25519PrivateKeyParameters(seed));
            yield ed25519;
          }
          case ML_DSA_44 -> {
            Signer mldsa = new MLDSASigner();
            mldsa.init(true, new ParametersWithRandom(mldsa(seed), new SecureRandom()));
            yield mldsa;
          }
        };
    signer.update(message, 0, message.length);
    try {
      return signer.generateSignature();
    } catch (CryptoException e) {
      throw new IllegalStateException("a key that was read signs", e);
    }
  }
}
