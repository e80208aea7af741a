/**
 * The way of a row to the disk: callers make it {@link dev.gatehouse.audit.write.Pending}, the
 * {@link dev.gatehouse.audit.write.RowQueue} holds it, the {@link
 * dev.gatehouse.audit.write.GroupWriter} links, writes and syncs whatever is queued as one batch.
 */
@NullMarked
package dev.gatehouse.audit.write;

import org.jspecify.annotations.NullMarked;
