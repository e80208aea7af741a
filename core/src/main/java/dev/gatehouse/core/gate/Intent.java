package dev.gatehouse.core.gate;

import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.call.CallId;
import java.util.concurrent.CompletionStage;

/**
 * The row that says what was asked and decided, on its way to disk.
 *
 * @param durable completes on the log's thread with the receipt; fails when the row cannot be
 *     written, and then nothing may reach the agent but a refusal
 */
public record Intent(CallId callId, CompletionStage<AuditReceipt> durable) {

  public Intent {
    // A log that answers with nothing has not promised durability.
    java.util.Objects.requireNonNull(durable, "the audit log gave no stage");
  }
}
