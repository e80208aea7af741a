package dev.gatehouse.bench.audit;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.bench.process.Usage;
import dev.gatehouse.bench.report.Report;
import dev.gatehouse.bench.report.Sample;
import dev.gatehouse.bench.report.Schedule;
import dev.gatehouse.core.audit.AuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Measures the audit log beside a log that only writes, in this process.
 *
 * <p>Each measurement has a log of its own that is deleted afterwards, so that a bench needs at
 * most the room of one: at 300,000 rows a second about 350 MiB for each second of it.
 */
public final class AuditBench {

  /** How long a log runs before it counts; by then its segments have grown to their full size. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private final Duration length;
  private final int runs;
  private final Path directory;
  private final Consumer<String> progress;

  /**
   * Prepares a bench.
   *
   * @param length how long one side of one run is measured
   * @param directory the run's own directory, on the disk whose fsync counts
   */
  public AuditBench(Duration length, int runs, Path directory, Consumer<String> progress) {
    this.length = length;
    this.runs = runs;
    this.directory = directory;
    this.progress = progress;
  }

  /** Measures, one report for each number of waiting callers. */
  public List<Report> run(List<Integer> callers) throws IOException, InterruptedException {
    List<Report> reports = new ArrayList<>();
    Schedule schedule = new Schedule(runs, progress);
    for (int count : callers) {
      reports.add(schedule.measure("audit", count, () -> bare(count), () -> ours(count)));
    }
    return reports;
  }

  private Sample bare(int callers) throws IOException, InterruptedException {
    try (BareLog log = new BareLog(directory)) {
      return called(log, callers);
    }
  }

  private Sample ours(int callers) throws IOException, InterruptedException {
    Path dir = directory.resolve("log");
    try (SegmentAuditLog log = SegmentAuditLog.open(AuditConfig.defaults(dir, "bench"))) {
      return called(log, callers);
    } finally {
      delete(dir);
    }
  }

  private Sample called(AuditLog log, int callers) throws IOException, InterruptedException {
    Callers calling = new Callers(log, callers);
    calling.run(SETTLE);
    return sample(() -> calling.run(length));
  }

  private static Sample sample(Work work) throws IOException, InterruptedException {
    Usage before = Usage.of(ProcessHandle.current());
    Rows rows = work.run();
    Usage after = Usage.of(ProcessHandle.current());
    double count = rows.latencies().count();
    return new Sample(
        count * 1e9 / rows.elapsed().toNanos(),
        rows.latencies().percentile(50) / 1_000,
        rows.latencies().percentile(99) / 1_000,
        after.cpu().minus(before.cpu()).toNanos() / 1_000.0 / count,
        after.residentMb());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private interface Work {
    Rows run() throws IOException, InterruptedException;
  }
}
