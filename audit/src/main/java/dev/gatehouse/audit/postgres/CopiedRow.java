package dev.gatehouse.audit.postgres;

import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.read.AuditReader;

/**
 * A row on its way to the database.
 *
 * @param link in lower-case hexadecimal, as is the payload's hash
 */
record CopiedRow(
    String stream, long seq, long tsMicros, String link, String payloadHash, String body) {

  /** The row that the reader stands at. */
  static CopiedRow of(AuditReader reader) {
    WalkedRow row = reader.row();
    return new CopiedRow(
        row.name().toString(),
        row.seq(),
        row.tsMicros(),
        row.linkHex(),
        reader.payloadHash(),
        row.text());
  }
}
