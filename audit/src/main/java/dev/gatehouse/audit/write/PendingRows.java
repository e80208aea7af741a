package dev.gatehouse.audit.write;

import dev.gatehouse.audit.body.Body;
import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.personal.Disclosures;
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
    return of(fields, Disclosures.NONE, Body.NONE, false, Integer.MAX_VALUE);
  }

  /**
   * A caller's row.
   *
   * @param disclosures what it commits to
   * @param body what is kept beside it
   * @throws IllegalArgumentException when it is longer than allowed or has no canonical form
   */
  public static Pending counted(
      Map<String, Object> fields, Disclosures disclosures, Body body, int rowBytesMax) {
    return of(fields, disclosures, body, true, rowBytesMax);
  }

  private static Pending of(
      Map<String, Object> fields,
      Disclosures disclosures,
      Body body,
      boolean counted,
      int rowBytesMax) {
    byte[] payload = CanonicalJson.exactBytes(fields);
    Pending row =
        new Pending(payload, SHA256.get().digest(payload), fields, disclosures, body, counted);
    if (row.rowBytes() > rowBytesMax) {
      throw new IllegalArgumentException(
          "an audit row of " + row.rowBytes() + " bytes; rowBytesMax = " + rowBytesMax);
    }
    return row;
  }
}
