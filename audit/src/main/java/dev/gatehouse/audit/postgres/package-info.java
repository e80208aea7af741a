/**
 * A copy of the record in PostgreSQL, for fleets: one place to look, out of this machine's reach.
 *
 * <p>The segment files stay the truth. {@link dev.gatehouse.audit.postgres.PostgresShipper} follows
 * them on a thread of its own and inserts the rows that are durable here, in their order, by a role
 * that may add rows and nothing else ({@code schema.sql} beside this package). Rows are sent again
 * after a failure; the table keeps each once, and refuses another under the same number.
 *
 * <pre>{@code
 * PostgresShipper shipper = PostgresShipper.start(place, dir, written, clock);
 * AuditLog confirmed = new ConfirmedAuditLog(log, List.of(shipper)); // receipts only for rows that arrived
 * }</pre>
 */
@NullMarked
package dev.gatehouse.audit.postgres;

import org.jspecify.annotations.NullMarked;
