package dev.gatehouse.audit.body;

import dev.gatehouse.audit.personal.Vault;
import java.nio.charset.StandardCharsets;

/** A body on its way into the store: whose it is, what its digest is, and its bytes. */
public final class Body {

  /** Of a row beside which nothing is kept. */
  public static final Body NONE = new Body("", "", new byte[0]);

  final String subject;
  final String digest;
  private final byte[] bytes;

  Body(String subject, String digest, byte[] bytes) {
    this.subject = subject;
    this.digest = digest;
    this.bytes = bytes;
  }

  /** Whether there is one. */
  public boolean any() {
    return bytes.length > 0;
  }

  /** How much room it takes at most. */
  public int bytesMax() {
    return any() ? Vault.RECORD_BYTES + Math.max(bytes.length, BodyStore.LIKE_BYTES_MAX) : 0;
  }

  /** To be kept beside this row. */
  Vault.Row whole(long seq) {
    return new Vault.Row(seq, subject, bytes);
  }

  /** To be kept as the same as beside another row. */
  Vault.Row like(long seq, long other) {
    return new Vault.Row(
        seq, subject, (BodyStore.LIKE + other).getBytes(StandardCharsets.US_ASCII));
  }
}
