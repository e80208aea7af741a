package dev.gatehouse.bench.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The result of a bench at one number of connections: medians over its runs.
 *
 * <p>What is added is the median of the differences within the runs, not the difference of the
 * medians, so that a noisy neighbour who stays for a whole run weighs on both sides.
 *
 * @param bench {@code llm}, {@code mcp}, {@code audit}, {@code decide} or {@code decide-large}
 * @param connections requests (or waiters) at a time
 * @param runs the runs, at least one
 */
public record Report(String bench, int connections, List<Run> runs) {

  public Report {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("a report needs at least one run");
    }
  }

  /** The figures as text, under the names and in the order of the JSON line. */
  public Map<String, String> figures() {
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("per_s", median(run -> run.ours().perSecond()));
    figures.put("p50_us", median(run -> run.ours().p50Us()));
    figures.put("p99_us", median(run -> run.ours().p99Us()));
    figures.put("added_p50_us", median(run -> run.ours().p50Us() - run.bare().p50Us()));
    figures.put("added_p99_us", median(run -> run.ours().p99Us() - run.bare().p99Us()));
    if (runs.stream().allMatch(run -> run.bare().firstByte().isPresent())) {
      figures.put("ttft_p50_us", median(run -> ours(run).p50Us()));
      figures.put("ttft_p99_us", median(run -> ours(run).p99Us()));
      figures.put("added_ttft_p50_us", median(run -> ours(run).p50Us() - bare(run).p50Us()));
      figures.put("added_ttft_p99_us", median(run -> ours(run).p99Us() - bare(run).p99Us()));
    }
    figures.put("cpu_us", median(run -> run.ours().cpuUs()));
    figures.put("bare_per_s", median(run -> run.bare().perSecond()));
    figures.put("bare_cpu_us", median(run -> run.bare().cpuUs()));
    figures.put("cpu_ratio", median(run -> run.ours().cpuUs() / run.bare().cpuUs()));
    figures.put("rss_mb", median(run -> run.ours().residentMb()));
    figures.put("runs", Integer.toString(runs.size()));
    return figures;
  }

  /** One line of JSON. */
  public String json() {
    return figures().entrySet().stream()
        .map(figure -> '"' + figure.getKey() + "\":" + figure.getValue())
        .collect(
            Collectors.joining(
                ",", "{\"bench\":\"" + bench + "\",\"connections\":" + connections + ",", "}"));
  }

  private static Sample.FirstByte ours(Run run) {
    return run.ours().firstByte().orElseThrow();
  }

  private static Sample.FirstByte bare(Run run) {
    return run.bare().firstByte().orElseThrow();
  }

  private String median(ToDoubleFunction<Run> figure) {
    return text(Median.of(runs.stream().mapToDouble(figure).toArray()));
  }

  /** As many digits as a measurement of that size can mean. */
  private static String text(double value) {
    if (!Double.isFinite(value)) {
      return "0"; // nothing was used, as by a run too short for the clock of CPU time
    }
    double size = Math.abs(value);
    int decimals = size >= 1_000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
    return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).toPlainString();
  }
}
