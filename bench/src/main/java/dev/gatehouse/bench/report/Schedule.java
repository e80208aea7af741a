package dev.gatehouse.bench.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The order of measuring: once through both sides to warm up, then bare, ours, bare, ours.
 *
 * @param runs how many pairs count
 * @param progress told what each measurement gave
 */
public record Schedule(int runs, Consumer<String> progress) {

  /** One side of a bench; takes one sample when asked. */
  @FunctionalInterface
  public interface Side {
    /** Measures for the agreed length of time. */
    Sample measure() throws IOException, InterruptedException;
  }

  /** Measures both sides in turn. */
  public Report measure(String bench, int connections, Side bare, Side ours)
      throws IOException, InterruptedException {
    String title = bench + " " + connections;
    progress.accept(title + "  warm-up  bare " + text(bare.measure()));
    progress.accept(title + "  warm-up  ours " + text(ours.measure()));
    List<Run> taken = new ArrayList<>();
    for (int i = 1; i <= runs; i++) {
      Run run = new Run(bare.measure(), ours.measure());
      taken.add(run);
      String place = title + "  run " + i + "/" + runs;
      progress.accept(place + "  bare " + text(run.bare()));
      progress.accept(place + "  ours " + text(run.ours()));
    }
    return new Report(bench, connections, taken);
  }

  private static String text(Sample sample) {
    return "%,.0f/s  p50 %.1f us  p99 %.1f us  cpu %.2f us  rss %.0f MB"
        .formatted(
            sample.perSecond(),
            sample.p50Us(),
            sample.p99Us(),
            sample.cpuUs(),
            sample.residentMb());
  }
}
