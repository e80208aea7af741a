package dev.gatehouse.core.audit;

import java.util.concurrent.CompletionStage;

/**
 * The tamper-evident record.
 *
 * <p>Thread-safe. {@link #append} may be called on an event loop: it canonicalises and hashes on
 * the calling thread, queues, and returns at once. Rows are written in the order in which one
 * thread appends them. Stages complete on the log's own thread, so that a caller that lives on an
 * event loop hops back to it.
 */
public interface AuditLog {

  /**
   * Adds a row.
   *
   * @return completes with the receipt when the row is on disk and synced; fails with {@link
   *     AuditUnavailableException} when that became impossible
   * @throws AuditUnavailableException at once when the log takes no rows: poisoned, disk full,
   *     queue full or closed
   * @throws IllegalArgumentException when the row is not canonical JSON or too long
   */
  CompletionStage<AuditReceipt> append(AuditRow row);
}
