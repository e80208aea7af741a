package dev.gatehouse.audit.postgres;

import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * A log whose receipts say that the database has the row, besides the disk. What the database does
 * not confirm in time is refused, and while it does not, rows but outcomes are refused before they
 * are written.
 *
 * <p>A row that was refused in that way stays in the record, which is never cut. When it allowed a
 * call, an outcome {@code unknown} follows it, so that no call stays open whose caller went away.
 */
public final class ConfirmedAuditLog implements AuditLog {

  private static final String NOT_CONFIRMED =
      "the database did not confirm the intent in time, so the call was refused";

  private final AuditLog log;
  private final List<PostgresShipper> shippers;

  /**
   * @param log whose streams the shippers follow
   */
  public ConfirmedAuditLog(AuditLog log, List<PostgresShipper> shippers) {
    this.log = log;
    this.shippers = List.copyOf(shippers);
  }

  @Override
  public CompletionStage<AuditReceipt> append(AuditRow row) {
    Map<String, Object> fields = row.fields();
    if (!"outcome".equals(fields.get("type"))) {
      shippers.forEach(PostgresShipper::requireKeepingUp);
    }
    return log.append(row)
        .thenCompose(
            receipt ->
                of(receipt)
                    .confirmed(receipt)
                    .whenComplete(
                        (_, unconfirmed) -> {
                          if (unconfirmed != null && allows(fields)) {
                            settle(fields);
                          }
                        }));
  }

  private PostgresShipper of(AuditReceipt receipt) {
    for (PostgresShipper each : shippers) {
      if (each.follows(receipt.stream())) {
        return each;
      }
    }
    throw new AuditUnavailableException("nobody copies the stream " + receipt.stream());
  }

  private static boolean allows(Map<String, Object> fields) {
    return "intent".equals(fields.get("type")) && "allow".equals(fields.get("verdict"));
  }

  private void settle(Map<String, Object> intent) {
    try {
      var _ = log.append(new AuditRow(ControlRows.unknownOutcome(intent, NOT_CONFIRMED)));
    } catch (AuditUnavailableException e) {
      // Then the log is closed or its disk has failed: recovery settles the call.
    }
  }
}
