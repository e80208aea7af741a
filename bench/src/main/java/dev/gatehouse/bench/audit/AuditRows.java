package dev.gatehouse.bench.audit;

import dev.gatehouse.core.audit.AuditRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows as the Gate makes them for a tool call, filled up to about one KiB of canonical JSON. */
final class AuditRows {

  /** Length of a row's canonical form, about. */
  static final int PAYLOAD_BYTES = 1024;

  private static final String DIGEST = "3f".repeat(32);

  private AuditRows() {}

  /** What was asked and decided. */
  static AuditRow intent(String callId, long number) {
    Map<String, Object> row = common("intent", callId, number);
    row.put("credential", "3f3f3f3f3f3f");
    row.put("operation_type", "read");
    row.put("target", "production");
    row.put("target_tier", "prod");
    row.put("connector_class", "internal");
    row.put("request_digest", DIGEST);
    row.put("decided_at_ms", 1_790_000_000_000L + number);
    row.put("verdict", "allow");
    row.put("rule", "default");
    row.put("reason", "within manifest, thresholds and policies");
    row.put(
        "risk",
        Map.of(
            "operation", 0,
            "connector", 12,
            "session", 3,
            "target", 20,
            "total", 35,
            "review_threshold", 50,
            "deny_threshold", 70));
    row.put("session_actions", 100);
    row.put("calls_last_minute", 60);
    row.put("policy_digest", DIGEST);
    row.put("risk_digest", DIGEST);
    row.put("owner", "Bench <bench@example.com>");
    row.put("operation_source", "config");
    row.put("trace_parent", "00-" + DIGEST.substring(32) + "-" + DIGEST.substring(48) + "-01");
    return new AuditRow(row);
  }

  /** What came of it. */
  static AuditRow outcome(String callId, long number) {
    Map<String, Object> row = common("outcome", callId, number);
    row.put("outcome", "completed");
    row.put("latency_us", 12_345);
    row.put("is_error", false);
    row.put("result_bytes", 4_096);
    row.put("result_digest", DIGEST);
    row.put(
        "attempts",
        List.of(
            Map.of("provider", "first", "ok", false, "kind", "LLMAuthError", "status_code", 403),
            Map.of("provider", "second", "ok", true, "latency_ms", 12)));
    row.put("note", "x".repeat(390));
    return new AuditRow(row);
  }

  private static Map<String, Object> common(String type, String callId, long number) {
    Map<String, Object> row = HashMap.newHashMap(32);
    row.put("v", 1);
    row.put("type", type);
    row.put("call_id", callId);
    row.put("agent", "bench");
    row.put("connector", "tickets");
    row.put("operation", "search_tickets");
    row.put("session", "session-" + number % 1_000);
    row.put("action_type", "tool.call");
    row.put("tool", "tickets__search_tickets");
    return row;
  }
}
