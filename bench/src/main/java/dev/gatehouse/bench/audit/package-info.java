/**
 * The {@code audit} bench: callers that append rows and wait for their receipts, beside a bare loop
 * that writes ready-made bytes and syncs them.
 *
 * <p>A caller is a virtual thread with one row under way at a time, an intent and its outcome in
 * turn, each about one KiB in canonical form. Ours is the whole path: building the row, canonical
 * form, hash, queue, chain, frame, write, sync, receipt. The bare loop writes as many rows at once
 * as there are callers, which is the most that could ever wait for one sync: no log that syncs
 * before it answers can be faster on this disk.
 */
@NullMarked
package dev.gatehouse.bench.audit;

import org.jspecify.annotations.NullMarked;
