package dev.gatehouse.gateway.notify;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import java.util.concurrent.CompletionStage;

/** A log of whose rows receivers are told once they are durable: nobody hears what is not so. */
public final class NotifiedAuditLog implements AuditLog {

  private final AuditLog log;
  private final Notifier notifier;

  public NotifiedAuditLog(AuditLog log, Notifier notifier) {
    this.log = log;
    this.notifier = notifier;
  }

  @Override
  public CompletionStage<AuditReceipt> append(AuditRow row) {
    CompletionStage<AuditReceipt> durable = log.append(row);
    if ("event".equals(row.fields().get("type"))) {
      var _ =
          durable.thenAccept(
              receipt -> Notices.of(row.fields(), receipt).ifPresent(notifier::tell));
    }
    return durable;
  }
}
