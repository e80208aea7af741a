package dev.gatehouse.core.audit;

import dev.gatehouse.core.json.Digest;
import java.util.function.Supplier;

/**
 * What a row holds only the digest of, for a log that keeps it beside the row.
 *
 * @param kind what it is of the call
 * @param digest the SHA-256 of the bytes, as the row has it
 * @param bytes makes them, text in UTF-8; asked on the thread that appends the row, and only by a
 *     log that keeps bodies of that kind. What it makes may not have the digest, when the arguments
 *     are no longer at hand: then it is not the body. Of one that is longer than is kept, it may be
 *     the beginning, as long as that is longer, too.
 */
public record AuditBody(Kind kind, Digest digest, Supplier<byte[]> bytes) {

  /** What a body is of its call. */
  public enum Kind {
    /** Arguments or params of a tool or context call, canonical JSON. */
    ARGUMENTS,
    /** What a client sent to a model, as it sent it. */
    REQUEST,
    /** What came of the call: canonical JSON of a tool, of a model the bytes the client got. */
    RESULT
  }

  /** Of bytes that are at hand, and not changed any more. */
  public static AuditBody of(Kind kind, byte[] bytes) {
    return new AuditBody(kind, Digest.of(bytes), () -> bytes);
  }
}
