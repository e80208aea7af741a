package dev.gatehouse.core.gate;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.json.CanonicalJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Keeps rows, refuses those that are no canonical JSON, and does something else when told to. */
final class RecordingLog implements AuditLog {

  final List<Map<String, Object>> rows = new ArrayList<>();
  CompletionStage<AuditReceipt> receipt =
      CompletableFuture.completedStage(new AuditReceipt("s", 0, "0"));
  Runnable beforeAppend = () -> {};

  @Override
  public CompletionStage<AuditReceipt> append(AuditRow row) {
    beforeAppend.run();
    CanonicalJson.text(row.fields());
    rows.add(row.fields());
    return receipt;
  }
}
