package dev.gatehouse.bench.decide;

import dev.gatehouse.bench.load.Histogram;
import dev.gatehouse.bench.process.Interruptions;
import dev.gatehouse.bench.process.Usage;
import dev.gatehouse.bench.report.Report;
import dev.gatehouse.bench.report.Sample;
import dev.gatehouse.bench.report.Schedule;
import dev.gatehouse.core.gate.Admission;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Measures each decision by itself on one thread, for percentiles that an average hides. */
public final class DecideBench {

  private final Duration length;
  private final int runs;
  private final Consumer<String> progress;

  /**
   * Prepares a bench.
   *
   * @param length how long one side of one run is measured
   */
  public DecideBench(Duration length, int runs, Consumer<String> progress) {
    this.length = length;
    this.runs = runs;
    this.progress = progress;
  }

  /** Measures. */
  public List<Report> run() throws IOException, InterruptedException {
    return List.of(run(Size.SOME), run(Size.LARGE));
  }

  private Report run(Size size) throws IOException, InterruptedException {
    progress.accept(
        "interruptions of a thread that only reads the clock: " + Interruptions.measure(length));
    Scene empty = EmptyScene.create(size);
    try (RealisticScene realistic = new RealisticScene(size)) {
      return new Schedule(runs, progress)
          .measure(size.bench(), 1, () -> measure(empty), () -> measure(realistic.scene()));
    }
  }

  private Sample measure(Scene scene) throws IOException {
    var threads = ManagementFactory.getThreadMXBean();
    Histogram latencies = new Histogram();
    long cpu = threads.getCurrentThreadCpuTime();
    long started = System.nanoTime();
    long now = started;
    while (now - started < length.toNanos()) {
      Admission admission = scene.admit();
      long done = System.nanoTime();
      latencies.record(done - now);
      now = done;
      if (!(admission instanceof Admission.Granted)) {
        throw new IllegalStateException("a call that should be allowed was not: " + admission);
      }
    }
    double count = latencies.count();
    return new Sample(
        count * 1e9 / (now - started),
        latencies.percentile(50) / 1_000,
        latencies.percentile(99) / 1_000,
        (threads.getCurrentThreadCpuTime() - cpu) / 1_000.0 / count,
        Usage.of(ProcessHandle.current()).residentMb());
  }
}
