package dev.gatehouse.fleet;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two rows of a degradation: Redis is lost, Redis is found again. */
final class DegradationRows {

  private static final Logger LOG = LoggerFactory.getLogger(DegradationRows.class);
  private static final int REASON_MAX = 300;

  private final AuditLog audit;

  DegradationRows(AuditLog audit) {
    this.audit = audit;
  }

  void degraded(String why) {
    String reason = why.length() <= REASON_MAX ? why : why.substring(0, REASON_MAX);
    LOG.warn("the fleet is lost ({}); this process goes by what it sees itself", reason);
    append("fleet.degraded", Map.of("reason", reason));
  }

  void recovered(Duration after, long unsent) {
    LOG.info("the fleet is found again after {} ms", after.toMillis());
    append("fleet.recovered", Map.of("lasted_ms", after.toMillis(), "unsent", unsent));
  }

  private void append(String event, Map<String, Object> details) {
    Map<String, Object> row = new HashMap<>(details);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", event);
    try {
      var _ = audit.append(new AuditRow(row));
    } catch (AuditUnavailableException e) {
      LOG.error("{} could not be recorded", event, e);
    }
  }
}
