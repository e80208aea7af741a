package dev.gatehouse.gateway.notify;

import dev.gatehouse.core.audit.AuditReceipt;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are notices, and what of a row goes out: the members that are named here, each text
 * cut to {@value #TEXT_LENGTH_MAX} characters.
 *
 * <p>What another process of the fleet ordered is on record here too, and told there.
 */
final class Notices {

  /** Agents choose some of the words, such as the address of a resource. */
  static final int TEXT_LENGTH_MAX = 500;

  /** Who orders suspensions. */
  private static final String DRIFT = "gatehouse:drift";

  private static final List<String> ABOUT =
      List.of("approval", "agent", "connector", "operation", "target", "tool");

  private Notices() {}

  /** The notice that a durable row is. */
  static Optional<Notice> of(Map<String, Object> row, AuditReceipt receipt) {
    if (!"event".equals(row.get("type")) || row.containsKey("from")) {
      return Optional.empty();
    }
    return kind(row).map(kind -> notice(kind, row, receipt));
  }

  private static Optional<NoticeKind> kind(Map<String, Object> row) {
    return switch (text(row, "event")) {
      case "approval.opened" -> Optional.of(NoticeKind.APPROVAL_REQUESTED);
      case "approval.approved" ->
          Objects.equals(row.get("votes"), row.get("quorum"))
              ? Optional.of(NoticeKind.APPROVAL_ENDED)
              : Optional.empty();
      case "approval.denied", "approval.expired", "approval.voided" ->
          Optional.of(NoticeKind.APPROVAL_ENDED);
      case "drift.alert" -> Optional.of(NoticeKind.DRIFT_ALERT);
      case "drift.detected" ->
          text(row, "severity").equals("critical")
              ? Optional.of(NoticeKind.DRIFT_DETECTED)
              : Optional.empty();
      case "kill_switch.stopped" ->
          Optional.of(
              text(row, "operator").equals(DRIFT)
                  ? NoticeKind.AGENT_SUSPENDED
                  : NoticeKind.KILL_SWITCH_STOPPED);
      case "kill_switch.lifted" -> Optional.of(NoticeKind.KILL_SWITCH_LIFTED);
      default -> Optional.empty();
    };
  }

  private static Notice notice(NoticeKind kind, Map<String, Object> row, AuditReceipt receipt) {
    return new Notice(
        "msg_" + receipt.link().substring(0, 32),
        receipt.toString(),
        kind,
        Instant.ofEpochMilli(number(row, "at_ms")),
        details(kind, row));
  }

  private static Map<String, Object> details(NoticeKind kind, Map<String, Object> row) {
    Map<String, Object> details = new LinkedHashMap<>();
    switch (kind) {
      case APPROVAL_REQUESTED -> {
        ABOUT.forEach(name -> put(details, name, row.get(name)));
        put(details, "rule", row.get("rule"));
        put(details, "risk", row.get("risk_total"));
        put(details, "approvers", row.get("approvers"));
        put(details, "quorum", row.get("quorum"));
        details.put("expires_at", Instant.ofEpochMilli(number(row, "expires_at_ms")).toString());
      }
      case APPROVAL_ENDED -> {
        ABOUT.forEach(name -> put(details, name, row.get(name)));
        details.put("outcome", text(row, "event").substring("approval.".length()));
        put(details, "by", row.get("approver"));
        put(details, "via", row.get("via"));
        put(details, "reason", row.get("reason"));
      }
      case DRIFT_ALERT, DRIFT_DETECTED ->
          List.of("agent", "call_id", "rule", "severity", "reason")
              .forEach(name -> put(details, name, row.get(name)));
      case AGENT_SUSPENDED -> {
        if (row.get("scope") instanceof Map<?, ?> scope) {
          put(details, "agent", scope.get("agent"));
        }
        put(details, "reason", row.get("reason"));
      }
      case KILL_SWITCH_STOPPED, KILL_SWITCH_LIFTED -> {
        put(details, "scope", row.get("scope"));
        put(details, "by", row.get("operator"));
        put(details, "reason", row.get("reason"));
      }
    }
    return details;
  }

  private static void put(Map<String, Object> details, String name, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case String text when text.length() > TEXT_LENGTH_MAX ->
          details.put(name, text.substring(0, TEXT_LENGTH_MAX) + "…");
      default -> details.put(name, value);
    }
  }

  private static String text(Map<String, Object> row, String name) {
    return row.get(name) instanceof String text ? text : "";
  }

  private static long number(Map<String, Object> row, String name) {
    return row.get(name) instanceof Number number ? number.longValue() : 0;
  }
}
