package dev.gatehouse.llm;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.llm.config.RoutingRecord;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows that keep what decides where calls go; the rows of calls name it by its digest. Thread-safe.
 */
final class RoutingRows {

  private static final Logger LOG = LoggerFactory.getLogger(RoutingRows.class);

  private final AuditLog audit;
  private String last = "";

  RoutingRows(AuditLog audit) {
    this.audit = audit;
  }

  /** Appends a row, unless the last one said the same. */
  synchronized void inForce(RoutingRecord routing) {
    String digest = routing.digest().hex();
    if (digest.equals(last)) {
      return;
    }
    Map<String, Object> row = new HashMap<>();
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", "llm.routing");
    row.put("digest", digest);
    try {
      append(row, routing);
      last = digest;
    } catch (AuditUnavailableException e) {
      LOG.warn("the routing in force is not on record: {}", e.getMessage());
    }
  }

  private void append(Map<String, Object> row, RoutingRecord routing) {
    Map<String, Object> whole = new HashMap<>(row);
    whole.put("config", routing.tree());
    try {
      var _ = audit.append(new AuditRow(whole));
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "the routing in force is too long for a row (audit.row_bytes_max), so calls cannot be"
              + " decided again from the record alone: {}",
          e.getMessage());
      var _ = audit.append(new AuditRow(row));
    }
  }
}
