package dev.gatehouse.audit.write;

import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.core.json.CanonicalJson;
import java.security.MessageDigest;
import java.util.Map;

/** Makes rows ready for the queue on the caller's thread, so that the writer need only link. */
public final class PendingRows {

  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(ChainHasher::sha256);

  private PendingRows() {}

  /** A row that the log itself writes, outside of the queue's limits. */
  public static Pending own(Map<String, Object> fields) {
    return of(fields, false, Integer.MAX_VALUE);
  }

  /**
   * A caller's row.
   *
   * @throws IllegalArgumentException when it is longer than allowed or has no canonical form
   */
  public static Pending counted(Map<String, Object> fields, int rowBytesMax) {
    return of(fields, true, rowBytesMax);
  }

  private static Pending of(Map<String, Object> fields, boolean counted, int rowBytesMax) {
    byte[] payload = CanonicalJson.exactBytes(fields);
    if (payload.length > rowBytesMax) {
      throw new IllegalArgumentException(
          "an audit row of " + payload.length + " bytes; rowBytesMax = " + rowBytesMax);
    }
    return new Pending(payload, SHA256.get().digest(payload), fields, counted);
  }
}
