package dev.gatehouse.connectors.scan;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.core.outcome.ScanFindings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The note of a scan in the {@code _meta} of what was scanned. */
public final class ScanMeta {

  /** The member of {@code _meta}. An upstream cannot set it. */
  static final String KEY = "gatehouse/scan";

  private ScanMeta() {}

  /** The object with these findings noted; the very same when there is nothing to note. */
  public static Map<String, Object> put(Map<String, Object> object, List<Finding> findings) {
    Map<String, Object> meta = new LinkedHashMap<>(Json.object(object, "_meta"));
    boolean forged = meta.remove(KEY) != null;
    if (findings.isEmpty() && !forged) {
      return object;
    }
    if (!findings.isEmpty()) {
      meta.put(KEY, findings.stream().limit(ScanFindings.PLACES_MAX).map(ScanMeta::tree).toList());
    }
    Map<String, Object> noted = new LinkedHashMap<>(object);
    if (meta.isEmpty()) {
      noted.remove("_meta");
    } else {
      noted.put("_meta", meta);
    }
    return noted;
  }

  private static Map<String, Object> tree(Finding finding) {
    return Map.of(
        "detector", finding.detector().word(),
        "pointer", finding.pointer(),
        "action", finding.action().word());
  }
}
