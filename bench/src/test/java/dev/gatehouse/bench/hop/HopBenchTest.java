package dev.gatehouse.bench.hop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.bench.hop.HopPlan.Answers;
import dev.gatehouse.bench.hop.HopPlan.Protocol;
import dev.gatehouse.bench.report.Report;
import dev.gatehouse.bench.report.Run;
import dev.gatehouse.bench.report.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole bench in small: real processes, a fraction of a second of load, no figure asserted. */
class HopBenchTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"MESSAGES,true", "MCP,false"})
  void bareHopIsMeasuredAgainstItself(Protocol protocol, boolean streaming) throws Exception {
    HopPlan plan =
        new HopPlan(
            protocol,
            new Answers(streaming, false, Duration.ofMillis(streaming ? 1 : 0)),
            true,
            false,
            new WarmUp(4, 10, Duration.ofSeconds(10)),
            List.of(1, 2),
            Duration.ofMillis(200),
            1,
            Optional.empty());
    List<Report> reports = new HopBench(plan, directory, _ -> {}).run();
    assertThat(reports).extracting(Report::connections).containsExactly(1, 2);
    assertThat(reports)
        .flatExtracting(Report::runs)
        .flatExtracting(Run::bare, Run::ours)
        .allSatisfy(side -> assertThat(((Sample) side).perSecond()).isGreaterThanOrEqualTo(1));
    assertThat(reports.getLast().json())
        .matches(
            Stream.of(
                    "per_s p50_us p99_us added_p50_us added_p99_us",
                    streaming ? "ttft_p50_us ttft_p99_us added_ttft_p50_us added_ttft_p99_us" : "",
                    "cpu_us bare_per_s bare_cpu_us cpu_ratio rss_mb runs")
                .flatMap(keys -> keys.isEmpty() ? Stream.empty() : Stream.of(keys.split(" ")))
                .map(key -> ",\"" + key + "\":-?[0-9.]+")
                .reduce("\\{\"bench\":\"" + plan.bench() + "\",\"connections\":2", String::concat)
                .concat("}"));
  }
}
