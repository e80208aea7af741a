package dev.gatehouse.gateway.metrics;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import java.util.concurrent.CompletionStage;

/** A log whose rows are counted on their way. */
public final class MeteredAuditLog implements AuditLog {

  private final AuditLog log;
  private final RowMetrics metrics;

  public MeteredAuditLog(AuditLog log, RowMetrics metrics) {
    this.log = log;
    this.metrics = metrics;
  }

  @Override
  public CompletionStage<AuditReceipt> append(AuditRow row) {
    long since = System.nanoTime();
    CompletionStage<AuditReceipt> durable;
    try {
      durable = log.append(row);
    } catch (RuntimeException e) {
      metrics.refused();
      throw e;
    }
    metrics.taken(row.fields());
    var _ =
        durable.whenComplete(
            (receipt, _) -> {
              if (receipt == null) {
                metrics.refused();
              } else {
                metrics.durable(System.nanoTime() - since);
              }
            });
    return durable;
  }
}
