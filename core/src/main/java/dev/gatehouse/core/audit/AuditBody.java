package dev.gatehouse.core.audit;

import dev.gatehouse.core.json.Digest;
import java.util.function.Supplier;

/**
 * What a row holds only the digest of, for a log that keeps it beside the row.
 *
 * @param digest the SHA-256 of the bytes, as the row has it
 * @param bytes makes them, canonical JSON in UTF-8; asked on the thread that appends the row, and
 *     only by a log that keeps bodies. What it makes may not have the digest, when the arguments
 *     are no longer at hand: then it is not the body.
 */
public record AuditBody(Digest digest, Supplier<byte[]> bytes) {}
