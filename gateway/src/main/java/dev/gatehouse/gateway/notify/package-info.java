/**
 * Tells receivers outside of the gateway what happened: a question waits, an agent was suspended.
 *
 * <p>One-way, and fed by the record: a row that became durable ({@link
 * dev.gatehouse.gateway.notify.NotifiedAuditLog}) may be a {@link
 * dev.gatehouse.gateway.notify.Notice}; the {@link dev.gatehouse.gateway.notify.Notifier} hands it
 * to the courier of each receiver that asked for its kind; the courier signs and posts it, from a
 * thread and a bounded queue of its own. No call waits for any of this or fails because of it; what
 * could not be delivered is counted and logged.
 *
 * <p>The other way there is one narrow path, for who opts in: {@link
 * dev.gatehouse.gateway.notify.LiveCallbacks} tell whether a receiver may hand in a person's
 * answer.
 *
 * <pre>
 * approval.opened, durable  →  approval.requested  →  POST https://…  webhook-signature: v1,…
 * </pre>
 */
@NullMarked
package dev.gatehouse.gateway.notify;

import org.jspecify.annotations.NullMarked;
