package dev.gatehouse.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void printsTheMediansOfItsRunsAsOneLine() {
    Report report =
        new Report(
            "llm",
            32,
            List.of(
                new Run(
                    new Sample(20_000, 100, 300, 20, 90), new Sample(10_000, 150, 500, 30, 200)),
                new Run(
                    new Sample(30_000, 110, 310, 25, 90), new Sample(12_345.6, 190, 700, 45, 201)),
                new Run(
                    new Sample(10_000, 400, 900, 10, 90), new Sample(5_000, 420, 990, 25, 202))));
    assertThat(report.json())
        .isEqualTo(
            "{\"bench\":\"llm\",\"connections\":32,\"per_s\":10000,\"p50_us\":190.0,\"p99_us\":700.0,"
                + "\"added_p50_us\":50.00,\"added_p99_us\":200.0,\"cpu_us\":30.00,\"bare_per_s\":20000,"
                + "\"bare_cpu_us\":20.00,\"cpu_ratio\":1.800,\"rss_mb\":201.0,\"runs\":3}");
  }

  @Test
  void whatIsAddedIsTakenWithinEachRun() {
    // The second run was disturbed on both sides: the difference stays ten.
    Report report =
        new Report(
            "mcp",
            1,
            List.of(
                new Run(new Sample(1, 100, 1, 1, 0), new Sample(1, 110, 1, 1, 0)),
                new Run(new Sample(1, 900, 1, 1, 0), new Sample(1, 910, 1, 1, 0))));
    assertThat(report.figures()).containsEntry("added_p50_us", "10.00");
  }

  @Test
  void aClockTooCoarseForTheRunGivesZeroRatherThanNoNumber() {
    Run run = new Run(new Sample(1, 1, 1, 0, 0), new Sample(1, 1, 1, 0, 0));
    assertThat(new Report("llm", 1, List.of(run)).figures()).containsEntry("cpu_ratio", "0");
  }

  @Test
  void needsARun() {
    assertThatThrownBy(() -> new Report("llm", 1, List.of()))
        .hasMessageContaining("at least one run");
  }

  @Test
  void sidesAreMeasuredInTurnAfterAWarmUp() throws Exception {
    List<String> order = new ArrayList<>();
    Schedule schedule = new Schedule(2, _ -> {});
    Report report =
        schedule.measure("llm", 1, () -> sample("bare", order), () -> sample("ours", order));
    assertThat(order).containsExactly("bare", "ours", "bare", "ours", "bare", "ours");
    assertThat(report.runs()).hasSize(2);
  }

  private static Sample sample(String side, List<String> order) {
    order.add(side);
    return new Sample(1, 1, 1, 1, 1);
  }
}
