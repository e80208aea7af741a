package dev.gatehouse.gateway.rows;

import dev.gatehouse.audit.row.StoredRow;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** One audit row in words: a line for following the log, a block for looking at one row. */
public final class RowText {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private RowText() {}

  /** A line; failed attempts of a model call follow on lines of their own. */
  public static String line(StoredRow stored) {
    Map<String, Object> row = stored.fields();
    String begin =
        "%s  %6d  %-7s"
            .formatted(TIME.format(stored.at()), stored.receipt().seq(), text(row, "type"));
    return switch (text(row, "type")) {
      case "intent", "refusal" ->
          begin + "  " + call(row) + "  " + text(row, "verdict") + risk(row) + because(row);
      case "outcome" ->
          begin + "  " + call(row) + "  " + text(row, "outcome") + result(row) + attempts(row);
      default -> begin + "  " + text(row, "event") + details(row);
    };
  }

  /** The block in which an SRE reads a model call's outcome. */
  public static String modelCall(StoredRow stored) {
    Map<String, Object> row = stored.fields();
    StringBuilder out = new StringBuilder();
    out.append(
        "%-33s%-27s%s%n"
            .formatted(pair(row, "action_type"), pair(row, "connector"), pair(row, "model_tier")));
    out.append("%-33s%s%n".formatted(pair(row, "provider_used"), pair(row, "failover_hops")));
    StringJoiner attempts = new StringJoiner(",\n           ", "attempts: [", "]");
    maps(row, "attempts")
        .forEach(
            attempt ->
                attempts.add(
                    inline(
                        attempt, "provider", "model", "kind", "status_code", "ok", "latency_ms")));
    out.append(attempts).append('\n');
    if (row.get("usage") instanceof Map<?, ?> usage) {
      out.append("usage: ").append(inline(usage, "input_tokens", "output_tokens", "total_tokens"));
    }
    if (row.containsKey("candidates_excluded")) {
      StringJoiner excluded = new StringJoiner(", ", "\ncandidates_excluded: [", "]");
      maps(row, "candidates_excluded")
          .forEach(
              candidate -> excluded.add(inline(candidate, "provider", "why", "field", "until")));
      out.append(excluded);
    }
    return out.toString();
  }

  private static String call(Map<String, Object> row) {
    String what =
        row.containsKey("tool")
            ? text(row, "tool")
            : text(row, "action_type") + " " + text(row, "model");
    return text(row, "agent") + "  " + what;
  }

  private static String risk(Map<String, Object> row) {
    if (!(row.get("risk") instanceof Map<?, ?> risk)) {
      return "";
    }
    return "  risk %s (%s+%s+%s+%s)"
        .formatted(
            risk.get("total"),
            risk.get("operation"),
            risk.get("connector"),
            risk.get("session"),
            risk.get("target"));
  }

  private static String because(Map<String, Object> row) {
    return text(row, "verdict").equals("allow") && text(row, "rule").equals("default")
        ? ""
        : "  " + text(row, "rule") + ": " + text(row, "reason");
  }

  private static String result(Map<String, Object> row) {
    StringBuilder out = new StringBuilder();
    if (row.get("latency_us") instanceof Number micros) {
      out.append("  %.1f ms".formatted(micros.longValue() / 1000.0));
    }
    if (Boolean.TRUE.equals(row.get("is_error"))) {
      out.append("  the tool reported an error");
    }
    if (!text(row, "scan_action").isEmpty()) {
      out.append("  scan ").append(text(row, "scan_action")).append(' ').append(text(row, "scan"));
    }
    if (!text(row, "provider_used").isEmpty()) {
      out.append("  by ")
          .append(text(row, "provider_used"))
          .append(" (")
          .append(text(row, "model_used"))
          .append("), hops ")
          .append(text(row, "failover_hops"));
    }
    if (!text(row, "error").isEmpty()) {
      out.append("  ").append(text(row, "error_kind")).append(' ').append(text(row, "error"));
    }
    return out.toString();
  }

  private static String attempts(Map<String, Object> row) {
    StringBuilder out = new StringBuilder();
    for (Map<?, ?> attempt : maps(row, "attempts")) {
      if (!Boolean.TRUE.equals(attempt.get("ok"))) {
        out.append("\n                            failed ")
            .append(inline(attempt, "provider", "kind", "status_code", "latency_ms"));
      }
    }
    for (Map<?, ?> candidate : maps(row, "candidates_excluded")) {
      out.append("\n                            not asked ")
          .append(inline(candidate, "provider", "why", "field", "until"));
    }
    return out.toString();
  }

  private static String details(Map<String, Object> row) {
    StringBuilder out = new StringBuilder();
    row.entrySet().stream()
        .filter(member -> !List.of("v", "type", "event").contains(member.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            member ->
                out.append("  ")
                    .append(member.getKey())
                    .append('=')
                    .append(shown(member.getValue())));
    return out.toString();
  }

  private static String pair(Map<String, Object> row, String name) {
    return name + ": " + text(row, name);
  }

  private static String inline(Map<?, ?> members, String... names) {
    StringJoiner out = new StringJoiner(", ", "{", "}");
    for (String name : names) {
      if (members.containsKey(name) && !Boolean.FALSE.equals(members.get(name))) {
        out.add(name + ": " + shown(members.get(name)));
      }
    }
    return out.toString();
  }

  private static List<Map<?, ?>> maps(Map<String, Object> row, String name) {
    return row.get(name) instanceof List<?> list
        ? list.stream().<Map<?, ?>>map(element -> (Map<?, ?>) element).toList()
        : List.of();
  }

  private static String text(Map<String, Object> row, String name) {
    Object value = row.get(name);
    return value == null ? "" : shown(value);
  }

  /**
   * A value as a terminal may show it: agents choose some of these words, and whoever reads them
   * sits at a terminal that obeys.
   */
  public static String shown(Object value) {
    return value.toString().replaceAll("[\\p{Cc}\\p{Cf}]", "?");
  }
}
