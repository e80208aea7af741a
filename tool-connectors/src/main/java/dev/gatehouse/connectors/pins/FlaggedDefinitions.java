package dev.gatehouse.connectors.pins;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What scans flagged in definitions, each put on record when it is first seen. Thread-safe. */
final class FlaggedDefinitions {

  private static final Logger LOG = LoggerFactory.getLogger(FlaggedDefinitions.class);

  private final AuditLog audit;
  private final Map<String, Map<String, List<String>>> known = new HashMap<>(); // guarded by this

  FlaggedDefinitions(AuditLog audit) {
    this.audit = audit;
  }

  /** Remembers exactly these findings for the connector, and records those that are new. */
  synchronized void note(String connector, Map<String, List<String>> findings) {
    Map<String, List<String>> before = known.getOrDefault(connector, Map.of());
    findings.forEach(
        (name, places) -> {
          if (!places.equals(before.get(name))) {
            record(connector, name, places);
          }
        });
    known.put(connector, Map.copyOf(findings));
  }

  private void record(String connector, String name, List<String> places) {
    LOG.warn("mcp {}: a scan of the definition of {} found {}", connector, name, places);
    try {
      var _ =
          audit.append(
              new AuditRow(
                  Map.of(
                      "v",
                      1,
                      "type",
                      "event",
                      "event",
                      "definition.flagged",
                      "connector",
                      connector,
                      "name",
                      name,
                      "scan",
                      places)));
    } catch (AuditUnavailableException e) {
      LOG.warn("mcp {}: what the scan found is not on record", connector);
    }
  }
}
