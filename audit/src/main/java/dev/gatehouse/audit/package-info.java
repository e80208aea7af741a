/**
 * The hash chain on disk: an append-only record that shows when somebody changed it.
 *
 * <p>A <b>stream</b> is what one node writes of one retention class between one start, or the end
 * of the stream before, and the end of that process, or of the stream's age: {@code
 * streams/<node>-<epoch>-<class>/NNNN.seg}. Streams of one node and class form a <b>lineage</b>:
 * epochs count from 1, and each stream's first row, and the hash before it, commit to the end of
 * the stream before. A segment is a plain sequence of {@link dev.gatehouse.audit.chain.Frame
 * frames}, then zeros.
 *
 * <p>The hashes, for whoever recomputes them ({@code ‖} joins bytes, numbers are big-endian u64):
 *
 * <pre>{@code
 * payloadHash = SHA-256(payload)                      payload: the row in RFC 8785 form, integers only
 * link(i)     = SHA-256(0x02 ‖ link(i-1) ‖ seq ‖ ts ‖ payloadHash)
 * link(-1)    = SHA-256(0x03 ‖ last link of the stream before, or 32 zero bytes ‖ stream name)
 * leaf        = SHA-256(0x00 ‖ seq ‖ ts ‖ link ‖ payloadHash)      RFC 6962 tree beside the chain
 * }</pre>
 *
 * <p>{@code ts} is in microseconds since 1970-01-01T00:00:00Z and never decreases: when the clock
 * is set back, rows keep the last time until the clock has caught up.
 *
 * <p>Who does what: callers of {@link dev.gatehouse.audit.SegmentAuditLog} canonicalise and hash
 * their row and queue it; the {@code GroupWriter} thread links, writes and syncs whatever is queued
 * as one batch; every five minutes the {@code Checkpointer} reads the rows back, recomputes chain
 * and tree, and signs where they stand, as a C2SP checkpoint, into the witness directory; with it
 * the {@code FleetLog} signs where all streams of the directory stand. At the next start {@code
 * Recovery} looks at the stream before. {@link dev.gatehouse.audit.verify.AuditVerifier} walks it
 * all for outsiders, {@link dev.gatehouse.audit.read.AuditReader} shows it.
 *
 * <p>The rooms: {@code chain} (names, frames, hashes), {@code disk}, {@code segment} (reading them
 * back), {@code row}, {@code personal} (what can be forgotten), {@code body} (what calls said),
 * {@code note} (signed checkpoints), {@code witness}, {@code write}, {@code sign}, {@code
 * recovery}, {@code verify}, {@code export}, {@code proof}, {@code read}, {@code index}, {@code
 * projection}, {@code s3}, {@code stamp} and {@code tsa} (time-stamps), {@code expiry} and {@code
 * retain} (streams whose day has come). {@code RoomsTest} holds which sees which.
 *
 * <p>Batch number, index and count in each frame tell a torn end from corruption: a batch is
 * written only after the one before it is durable, so damage in front of a later batch, or in a
 * batch that was whole, is corruption and stops the log. A torn end is copied aside ({@code
 * NNNN.seg.torn}), cut off, and recorded with its hash in the next stream; calls that were allowed
 * and have no outcome get one, {@code unknown}.
 *
 * <pre>{@code
 * try (SegmentAuditLog log = SegmentAuditLog.open(AuditConfig.defaults(Path.of("data/audit"), "gate1"))) {
 *   log.append(new AuditRow(Map.of("type", "event", "event", "hello")))
 *      .thenAccept(receipt -> System.out.println(receipt + " is on disk"));
 * }
 * AuditReport report = AuditVerifier.verify(Path.of("data/audit"), Path.of("data/audit/witness"));
 * }</pre>
 *
 * <p>The kill test appends under load in a child process, kills it, and checks that every row which
 * it had acknowledged is there. {@code mvn -pl core,testkit,audit test} does it five times; the
 * long form is {@code mvn -pl core,testkit,audit test -Dtest=KillTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dgatehouse.kills=100}.
 */
@NullMarked
package dev.gatehouse.audit;

import org.jspecify.annotations.NullMarked;
