package dev.gatehouse.bench.audit;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.export.AuditExport;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.audit.verify.Trust;
import dev.gatehouse.bench.process.Usage;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.call.CallId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a record of so many rows, exports it, and checks the export and the record again and
 * again. The first check is that of a process that has just started; later ones show what the work
 * itself takes.
 */
public final class VerifyBench {

  /** Fewest rows. */
  public static final int ROWS_MIN = 1_000;

  /** Most rows; one takes about 1.1 KiB on the disk. */
  public static final int ROWS_MAX = 20_000_000;

  private static final InstantSource CLOCK = Clock.systemUTC();
  private static final int WAITING_MAX = 1_024;

  private final int rows;
  private final int runs;
  private final Path directory;
  private final Consumer<String> progress;

  /**
   * Prepares a bench.
   *
   * @param rows how many, {@value #ROWS_MIN} to {@value #ROWS_MAX}
   * @param directory the run's own directory
   */
  public VerifyBench(int rows, int runs, Path directory, Consumer<String> progress) {
    this.rows = rows;
    this.runs = runs;
    this.directory = directory;
    this.progress = progress;
  }

  private interface Check {
    AuditReport run() throws IOException;
  }

  /** One check: rows a second by the clock, and CPU time for each in microseconds. */
  private record Speed(double perSecond, double cpuUs) {}

  /** Measures; the result is one line of JSON. */
  public String run() throws IOException, InterruptedException {
    Path dir = directory.resolve("audit");
    Path export = directory.resolve("export.ndjson.gz");
    write(dir);
    try (OutputStream file = new GZIPOutputStream(Files.newOutputStream(export), 1 << 18)) {
      AuditExport.write(dir, dir.resolve("witness"), file, _ -> {});
    }
    progress.accept("exported %,d MB".formatted(Files.size(export) >> 20));
    Optional<Path> witness = Optional.of(dir.resolve("witness"));
    List<Speed> exports = new ArrayList<>();
    List<Speed> records = new ArrayList<>();
    for (int run = 0; run <= runs; run++) {
      exports.add(
          speed("export", () -> AuditExport.verify(export, witness, Trust.UNNAMED, _ -> {})));
      records.add(speed("record", () -> AuditVerifier.verify(dir, witness, Trust.UNNAMED)));
    }
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"verify\",\"rows\":%d,\"export_mb\":%d,\"export_first_per_s\":%.0f,"
            + "\"export_per_s\":%.0f,\"export_cpu_us\":%.2f,\"record_per_s\":%.0f,"
            + "\"record_cpu_us\":%.2f,\"rss_mb\":%.1f,\"runs\":%d}",
        rows,
        Files.size(export) >> 20,
        exports.getFirst().perSecond(),
        median(exports.stream().skip(1).map(Speed::perSecond).toList()),
        median(exports.stream().skip(1).map(Speed::cpuUs).toList()),
        median(records.stream().skip(1).map(Speed::perSecond).toList()),
        median(records.stream().skip(1).map(Speed::cpuUs).toList()),
        Usage.of(ProcessHandle.current()).residentMb(),
        runs);
  }

  private void write(Path dir) throws InterruptedException {
    SplittableRandom random = new SplittableRandom(1);
    Semaphore waiting = new Semaphore(WAITING_MAX);
    try (SegmentAuditLog log = SegmentAuditLog.open(AuditConfig.defaults(dir, "bench"))) {
      for (int i = 0; i < rows / 2; i++) {
        String id = CallId.next(CLOCK, random).value();
        append(log, waiting, AuditRows.intent(id, i));
        append(log, waiting, AuditRows.outcome(id, i));
      }
      waiting.acquire(WAITING_MAX);
    }
    progress.accept("wrote %,d rows".formatted(rows));
  }

  private static void append(SegmentAuditLog log, Semaphore waiting, AuditRow row)
      throws InterruptedException {
    waiting.acquire();
    log.append(row).whenComplete((_, _) -> waiting.release());
  }

  private Speed speed(String what, Check check) throws IOException {
    Usage before = Usage.of(ProcessHandle.current());
    long started = System.nanoTime();
    AuditReport report = check.run();
    long took = System.nanoTime() - started;
    if (!(report instanceof AuditReport.Sound)) {
      throw new IOException("the " + what + " that was just written does not hold: " + report);
    }
    Usage after = Usage.of(ProcessHandle.current());
    Speed speed =
        new Speed(rows * 1e9 / took, after.cpu().minus(before.cpu()).toNanos() / 1_000.0 / rows);
    progress.accept(
        "%s  %,.0f rows/s  cpu %.2f us".formatted(what, speed.perSecond(), speed.cpuUs()));
    return speed;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
