/**
 * The {@code audit} bench: callers that append rows and wait for their receipts, beside a bare loop
 * that writes ready-made bytes and syncs them.
 *
 * <p>A caller is a virtual thread with one row under way at a time, an intent and its outcome in
 * turn, each about one KiB in canonical form. Ours is the whole path: building the row, canonical
 * form, hash, queue, chain, frame, write, sync, receipt. The bare loop takes the same rows from the
 * same callers, writes as many ready-made frames at once as wait, syncs, and hands receipts out:
 * what lies between the two is what the record costs beyond waiting for the disk together.
 */
@NullMarked
package dev.gatehouse.bench.audit;

import org.jspecify.annotations.NullMarked;
