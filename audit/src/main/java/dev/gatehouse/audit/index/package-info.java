/**
 * Finding rows without reading all of them: an SQLite file beside the streams, which says which
 * blocks of rows hold the words that people ask for. The segments stay the truth: rows are read
 * where they lie, and the index may be deleted at any time and builds itself anew when it is
 * missing, damaged, of another version or about other rows.
 *
 * <p>{@link dev.gatehouse.audit.index.IndexFollower} fills it beside a running log, never in a
 * caller's way; whoever asks catches up first, and several processes may.
 *
 * <pre>{@code
 * try (AuditIndex index = AuditIndex.open(dir)) {
 *   index.catchUp(_ -> {});
 *   for (RowPlace place : index.find(RowQuery.last(100).with(Criterion.AGENT, "support-bot")).places()) { … }
 * }
 * }</pre>
 */
@NullMarked
package dev.gatehouse.audit.index;

import org.jspecify.annotations.NullMarked;
