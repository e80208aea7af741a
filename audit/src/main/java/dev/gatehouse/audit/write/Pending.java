package dev.gatehouse.audit.write;

import dev.gatehouse.audit.body.Body;
import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.personal.Disclosures;
import dev.gatehouse.core.audit.AuditReceipt;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A row on its way to disk: canonical bytes and their hash, made by the caller; the stage that the
 * caller waits on; and its place in the queue.
 */
public final class Pending extends CompletableFuture<AuditReceipt> {

  /** What a row does to the call that it belongs to. */
  public enum Mark {
    /** Nothing: an event, or a call that was not allowed. */
    NONE,
    /** Allows it; an outcome is due. */
    OPENS,
    /** Is its outcome. */
    CLOSES
  }

  public final byte[] payload;
  final byte[] payloadHash;
  public final Mark mark;
  final String callId;
  final Map<String, Object> fields;

  /** What it commits to; goes into the vault before the row goes into the chain. */
  final Disclosures disclosures;

  /** What is kept beside it; lies in the store before the row goes into the chain. */
  final Body body;

  /** Whether it counts against the queue's limits; the log's own rows do not. */
  final boolean counted;

  /** Set by the writer when it encodes the row, published by completing the stage. */
  @Nullable AuditReceipt receipt;

  /** The row queued before this one; turned round by the writer. */
  @Nullable Pending next;

  Pending(
      byte[] payload,
      byte[] payloadHash,
      Map<String, Object> fields,
      Disclosures disclosures,
      Body body,
      boolean counted) {
    this.payload = payload;
    this.payloadHash = payloadHash;
    this.fields = fields;
    this.disclosures = disclosures;
    this.body = body;
    this.counted = counted;
    this.callId = fields.get("call_id") instanceof String id ? id : "";
    this.mark = callId.isEmpty() ? Mark.NONE : mark(fields);
  }

  private static Mark mark(Map<String, Object> fields) {
    if ("outcome".equals(fields.get("type"))) {
      return Mark.CLOSES;
    }
    boolean allowed = "intent".equals(fields.get("type")) && "allow".equals(fields.get("verdict"));
    return allowed ? Mark.OPENS : Mark.NONE;
  }

  /** What it takes of the queue's bytes. */
  public int queuedBytes() {
    return rowBytes() + body.bytesMax();
  }

  /** What counts as its length: the row, and what it commits to. */
  int rowBytes() {
    return payload.length + (disclosures.any() ? disclosures.bytesMax() : 0);
  }

  public int frameBytes() {
    return Frame.HEADER_BYTES + payload.length;
  }
}
