package dev.gatehouse.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.testkit.MemoryAuditLog;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the log takes is what the numbers say. */
class RowMetricsTest {

  private final MemoryAuditLog log = new MemoryAuditLog();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RowMetrics metrics = new RowMetrics(registry);
  private final MeteredAuditLog metered = new MeteredAuditLog(log, metrics);

  private String text() {
    return registry.scrape();
  }

  private void append(Map<String, Object> row) {
    var _ = metered.append(new AuditRow(row));
  }

  private void appendServed() {
    append(
        Map.ofEntries(
            Map.entry("type", "outcome"),
            Map.entry("action_type", "llm.chat"),
            Map.entry("outcome", "completed"),
            Map.entry("latency_us", 700_000),
            Map.entry("provider_used", "second"),
            Map.entry("failover_hops", 1),
            Map.entry(
                "attempts",
                List.of(
                    Map.of("provider", "first", "ok", false, "kind", "LLMAuthError"),
                    Map.of("provider", "second", "ok", true))),
            Map.entry(
                "candidates_excluded", List.of(Map.of("provider", "third", "why", "breaker_open"))),
            Map.entry("usage", Map.of("input_tokens", 20, "output_tokens", 7))));
  }

  @Test
  void verdictsOutcomesAndTriesAreCounted() {
    append(Map.of("type", "intent", "action_type", "llm.chat", "verdict", "allow"));
    append(Map.of("type", "intent", "action_type", "tool.call", "verdict", "deny"));
    append(Map.of("type", "intent", "action_type", "tool.call", "verdict", "deny"));
    append(Map.of("type", "event", "event", "config.reloaded"));
    appendServed();
    appendServed();

    assertThat(text().lines())
        .contains(
            "# TYPE gatehouse_calls_total counter",
            "gatehouse_calls_total{action=\"llm.chat\",verdict=\"allow\"} 1.0",
            "gatehouse_calls_total{action=\"tool.call\",verdict=\"deny\"} 2.0",
            "gatehouse_outcomes_total{action=\"llm.chat\",outcome=\"completed\"} 2.0",
            "gatehouse_llm_attempts_total{kind=\"LLMAuthError\",provider=\"first\"} 2.0",
            "gatehouse_llm_attempts_total{kind=\"ok\",provider=\"second\"} 2.0",
            "gatehouse_llm_passed_by_total{provider=\"third\",why=\"breaker_open\"} 2.0",
            "gatehouse_llm_tokens_total{provider=\"second\",type=\"input\"} 40.0",
            "gatehouse_llm_tokens_total{provider=\"second\",type=\"output\"} 14.0",
            "gatehouse_llm_failovers_total 2.0",
            "gatehouse_llm_call_seconds_bucket{le=\"0.5\"} 0",
            "gatehouse_llm_call_seconds_bucket{le=\"1.0\"} 2",
            "gatehouse_llm_call_seconds_bucket{le=\"+Inf\"} 2",
            "gatehouse_llm_call_seconds_sum 1.4",
            "gatehouse_llm_call_seconds_count 2",
            "gatehouse_tool_call_seconds_count 0",
            "gatehouse_audit_append_seconds_count 6");
  }

  @Test
  void toolCallsHaveTimesOfTheirOwn() {
    append(
        Map.of(
            "type", "outcome",
            "action_type", "tool.call",
            "outcome", "failed",
            "latency_us", 400_000_000));

    assertThat(text().lines())
        .contains(
            "gatehouse_outcomes_total{action=\"tool.call\",outcome=\"failed\"} 1.0",
            "gatehouse_tool_call_seconds_bucket{le=\"300.0\"} 0",
            "gatehouse_tool_call_seconds_bucket{le=\"+Inf\"} 1",
            "gatehouse_llm_call_seconds_count 0");
  }

  @Test
  void rowIsDurableWhenTheLogSaysSoAndNotBefore() {
    log.hold();
    append(Map.of("type", "event"));
    assertThat(text()).contains("gatehouse_audit_append_seconds_count 0\n");

    log.release();

    assertThat(text()).contains("gatehouse_audit_append_seconds_count 1\n");
  }

  @Test
  void rowThatIsRefusedOrLostIsNoCall() {
    log.hold();
    append(Map.of("type", "event"));
    log.fail();
    log.release();

    assertThatThrownBy(
            () -> append(Map.of("type", "intent", "action_type", "a", "verdict", "allow")))
        .isInstanceOf(AuditUnavailableException.class);

    assertThat(text())
        .contains("gatehouse_audit_rows_refused_total 2.0\n")
        .doesNotContain("verdict=\"allow\"");
  }

  @Test
  void seriesBeyondTheLimitAreOneMore() {
    Series series = new Series(registry, "n", "help", "a", "b");
    for (int i = 0; i < Series.SERIES_MAX + 10; i++) {
      series.add("x" + i, "y", 1);
    }
    series.add("x0", "y", 1);

    assertThat(text().lines().filter(line -> line.startsWith("n_total")))
        .hasSize(Series.SERIES_MAX + 1)
        .contains("n_total{a=\"x0\",b=\"y\"} 2.0", "n_total{a=\"other\",b=\"other\"} 10.0");
  }

  @Test
  void labelsCannotBreakOutOfTheirQuotes() {
    new Series(registry, "n", "help", "a", "b").add("x\"} 1\nevil{b=\"\\", "y", 1);

    assertThat(text()).contains("n_total{a=\"x\\\"} 1\\nevil{b=\\\"\\\\\",b=\"y\"} 1.0\n");
  }
}
