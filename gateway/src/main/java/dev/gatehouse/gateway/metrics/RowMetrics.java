package dev.gatehouse.gateway.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sums over the rows that the log took. Thread-safe; called on event loops.
 *
 * <p>No label is of an agent's choosing: actions, verdicts, outcomes and kinds are the gateway's
 * own words, providers the config's.
 */
public final class RowMetrics {

  private final Counters calls =
      new Counters("gatehouse_calls_total", "Calls that the Gate decided.", "action", "verdict");
  private final Counters outcomes =
      new Counters("gatehouse_outcomes_total", "Calls that ended.", "action", "outcome");
  private final Counters attempts =
      new Counters(
          "gatehouse_llm_attempts_total",
          "Tries of LLM providers; kind is ok or what went wrong.",
          "provider",
          "kind");
  private final Counters passedBy =
      new Counters(
          "gatehouse_llm_passed_by_total",
          "LLM providers that a call passed by.",
          "provider",
          "why");
  private final Counters tokens =
      new Counters(
          "gatehouse_llm_tokens_total", "Tokens of answers, by provider.", "provider", "type");
  private final LongAdder hops = new LongAdder();
  private final LongAdder refusedRows = new LongAdder();
  private final Durations llmCalls =
      new Durations("gatehouse_llm_call_seconds", "LLM calls, from the grant to the end.");
  private final Durations otherCalls =
      new Durations(
          "gatehouse_tool_call_seconds", "Calls of tools and context, from the grant to the end.");
  private final Durations appends =
      new Durations(
          "gatehouse_audit_append_seconds", "Audit rows, from handing over until on disk.");

  /** The log took a row. */
  void taken(Map<String, Object> row) {
    switch (text(row, "type")) {
      case "intent", "refusal" -> calls.add(text(row, "action_type"), text(row, "verdict"), 1);
      case "outcome" -> outcome(row);
      default -> {}
    }
  }

  private void outcome(Map<String, Object> row) {
    String action = text(row, "action_type");
    boolean llm = row.containsKey("attempts");
    outcomes.add(action, text(row, "outcome"), 1);
    (llm ? llmCalls : otherCalls).add(number(row, "latency_us"));
    if (!llm) {
      return;
    }
    hops.add(number(row, "failover_hops"));
    for (Object each : list(row, "attempts")) {
      if (each instanceof Map<?, ?> attempt) {
        String kind = Boolean.TRUE.equals(attempt.get("ok")) ? "ok" : text(attempt, "kind");
        attempts.add(text(attempt, "provider"), kind, 1);
      }
    }
    for (Object each : list(row, "candidates_excluded")) {
      if (each instanceof Map<?, ?> excluded) {
        passedBy.add(text(excluded, "provider"), text(excluded, "why"), 1);
      }
    }
    if (row.get("usage") instanceof Map<?, ?> usage && !text(row, "provider_used").isEmpty()) {
      tokens.add(text(row, "provider_used"), "input", number(usage, "input_tokens"));
      tokens.add(text(row, "provider_used"), "output", number(usage, "output_tokens"));
    }
  }

  /** The log refused a row, or lost it. */
  void refused() {
    refusedRows.increment();
  }

  /** A row is on disk. */
  void durable(long nanos) {
    appends.add(nanos / 1_000);
  }

  /** Adds all of it. */
  public void write(Exposition text) {
    calls.write(text);
    outcomes.write(text);
    attempts.write(text);
    passedBy.write(text);
    tokens.write(text);
    text.single(
        "gatehouse_llm_failovers_total",
        "How often an LLM call moved on to another provider.",
        "counter",
        hops.sum());
    llmCalls.write(text);
    otherCalls.write(text);
    appends.write(text);
    text.single(
        "gatehouse_audit_rows_refused_total",
        "Rows that the audit log refused or lost; what needed them was refused.",
        "counter",
        refusedRows.sum());
  }

  private static String text(Map<?, ?> row, String name) {
    return row.get(name) instanceof String text ? text : "";
  }

  private static long number(Map<?, ?> row, String name) {
    return row.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private static List<?> list(Map<?, ?> row, String name) {
    return row.get(name) instanceof List<?> list ? list : List.of();
  }
}
