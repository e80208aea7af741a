package dev.gatehouse.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Sums over the rows that the log took. Thread-safe; called on event loops.
 *
 * <p>No label is of an agent's choosing: actions, verdicts, outcomes and kinds are the gateway's
 * own words, providers the config's.
 */
public final class RowMetrics {

  /** Bounds of a histogram, from an fsync to a long answer. */
  private static final Duration[] BOUNDS =
      Stream.of(
              100,
              250,
              500,
              1_000,
              2_500,
              5_000,
              10_000,
              25_000,
              50_000,
              100_000,
              250_000,
              500_000,
              1_000_000,
              2_500_000,
              5_000_000,
              10_000_000,
              30_000_000,
              60_000_000,
              300_000_000)
          .map(micros -> Duration.of(micros, ChronoUnit.MICROS))
          .toArray(Duration[]::new);

  private final Series calls;
  private final Series outcomes;
  private final Series attempts;
  private final Series passedBy;
  private final Series tokens;
  private final Counter failovers;
  private final Counter refusedRows;
  private final Timer llmCalls;
  private final Timer otherCalls;
  private final Timer appends;

  /**
   * @param registry where the sums are shown
   */
  public RowMetrics(MeterRegistry registry) {
    calls =
        new Series(
            registry, "gatehouse.calls", "Calls that the Gate decided.", "action", "verdict");
    outcomes = new Series(registry, "gatehouse.outcomes", "Calls that ended.", "action", "outcome");
    attempts =
        new Series(
            registry,
            "gatehouse.llm.attempts",
            "Tries of LLM providers; kind is ok or what went wrong.",
            "provider",
            "kind");
    passedBy =
        new Series(
            registry,
            "gatehouse.llm.passed.by",
            "LLM providers that a call passed by.",
            "provider",
            "why");
    tokens =
        new Series(
            registry,
            "gatehouse.llm.tokens",
            "Tokens of answers, by provider.",
            "provider",
            "type");
    failovers =
        Counter.builder("gatehouse.llm.failovers")
            .description("How often an LLM call moved on to another provider.")
            .register(registry);
    refusedRows =
        Counter.builder("gatehouse.audit.rows.refused")
            .description("Rows that the audit log refused or lost; what needed them was refused.")
            .register(registry);
    llmCalls = timer(registry, "gatehouse.llm.call", "LLM calls, from the grant to the end.");
    otherCalls =
        timer(
            registry,
            "gatehouse.tool.call",
            "Calls of tools and context, from the grant to the end.");
    appends =
        timer(registry, "gatehouse.audit.append", "Audit rows, from handing over until on disk.");
  }

  private static Timer timer(MeterRegistry registry, String name, String help) {
    return Timer.builder(name).description(help).serviceLevelObjectives(BOUNDS).register(registry);
  }

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
    (llm ? llmCalls : otherCalls).record(number(row, "latency_us"), TimeUnit.MICROSECONDS);
    if (!llm) {
      return;
    }
    failovers.increment((double) number(row, "failover_hops"));
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
    appends.record(nanos, TimeUnit.NANOSECONDS);
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
