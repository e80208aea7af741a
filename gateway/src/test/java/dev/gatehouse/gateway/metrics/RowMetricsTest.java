package dev.gatehouse.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the log takes is what the numbers say. */
class RowMetricsTest {

  private final MemoryAuditLog log = new MemoryAuditLog();
  private final RowMetrics metrics = new RowMetrics();
  private final MeteredAuditLog metered = new MeteredAuditLog(log, metrics);

  private String text() {
    Exposition text = new Exposition();
    metrics.write(text);
    return text.toString();
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
            "gatehouse_calls_total{action=\"llm.chat\",verdict=\"allow\"} 1",
            "gatehouse_calls_total{action=\"tool.call\",verdict=\"deny\"} 2",
            "gatehouse_outcomes_total{action=\"llm.chat\",outcome=\"completed\"} 2",
            "gatehouse_llm_attempts_total{kind=\"LLMAuthError\",provider=\"first\"} 2",
            "gatehouse_llm_attempts_total{kind=\"ok\",provider=\"second\"} 2",
            "gatehouse_llm_passed_by_total{provider=\"third\",why=\"breaker_open\"} 2",
            "gatehouse_llm_tokens_total{provider=\"second\",type=\"input\"} 40",
            "gatehouse_llm_tokens_total{provider=\"second\",type=\"output\"} 14",
            "gatehouse_llm_failovers_total 2",
            "gatehouse_llm_call_seconds_bucket{le=\"0.5\"} 0",
            "gatehouse_llm_call_seconds_bucket{le=\"1\"} 2",
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
            "gatehouse_outcomes_total{action=\"tool.call\",outcome=\"failed\"} 1",
            "gatehouse_tool_call_seconds_bucket{le=\"300\"} 0",
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
        .contains("gatehouse_audit_rows_refused_total 2\n")
        .doesNotContain("verdict=\"allow\"");
  }

  @Test
  void seriesBeyondTheLimitAreOneMore() {
    Counters counters = new Counters("n", "help", "a", "b");
    for (int i = 0; i < Counters.SERIES_MAX + 10; i++) {
      counters.add("x" + i, "y", 1);
    }
    counters.add("x0", "y", 1);
    Exposition text = new Exposition();

    counters.write(text);

    assertThat(text.toString().lines().filter(line -> !line.startsWith("#")))
        .hasSize(Counters.SERIES_MAX + 1)
        .contains("n{a=\"x0\",b=\"y\"} 2", "n{a=\"other\",b=\"other\"} 10");
  }

  @Test
  void labelsCannotBreakOutOfTheirQuotes() {
    Exposition text = new Exposition();

    text.value("n", Map.of("a", "x\"} 1\nevil{b=\"\\"), 1);

    assertThat(text.toString()).isEqualTo("n{a=\"x\\\"} 1\\nevil{b=\\\"\\\\\"} 1\n");
  }
}
