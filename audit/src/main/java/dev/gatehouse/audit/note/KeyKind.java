package dev.gatehouse.audit.note;

import java.util.Arrays;
import java.util.Optional;

/** A signature algorithm of C2SP {@code signed-note}, with its one-byte name. */
enum KeyKind {
  /** Ed25519 over the note's text. */
  ED25519(1, 32, 64),
  /**
   * ML-DSA-44 (FIPS 204), as a C2SP {@code tlog-cosignature}: over origin, size, root and a time.
   */
  ML_DSA_44(6, 1312, Long.BYTES + 2420);

  private final byte code;
  private final int publicBytes;
  private final int signatureBytes;

  KeyKind(int code, int publicBytes, int signatureBytes) {
    this.code = (byte) code;
    this.publicBytes = publicBytes;
    this.signatureBytes = signatureBytes;
  }

  byte code() {
    return code;
  }

  /** Length of a public key. */
  int publicBytes() {
    return publicBytes;
  }

  /** Length of what a signature line holds behind the key's id. */
  int signatureBytes() {
    return signatureBytes;
  }

  static Optional<KeyKind> of(byte code) {
    return Arrays.stream(values()).filter(kind -> kind.code == code).findFirst();
  }
}
