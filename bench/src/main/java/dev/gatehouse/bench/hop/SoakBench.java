package dev.gatehouse.bench.hop;

import dev.gatehouse.bench.load.LoadDriver;
import dev.gatehouse.bench.load.LoadPlan;
import dev.gatehouse.bench.load.LoadResult;
import dev.gatehouse.bench.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The gateway under the same load for long: what memory it takes at the start, under load and when
 * the load is over. Memory at the start and at the end is read after a full collection, so that it
 * is what is held; under load it is what the process has of the machine.
 */
public final class SoakBench {

  /** Memory is read once in each of so many parts of the run. */
  static final int PARTS = 20;

  private final HopPlan plan;
  private final Path directory;
  private final Consumer<String> progress;

  /**
   * Prepares a soak.
   *
   * @param plan {@link HopPlan#length} is that of the whole soak; its runs mean nothing
   * @param directory the run's own directory
   * @param progress told what happens
   */
  public SoakBench(HopPlan plan, Path directory, Consumer<String> progress) {
    this.plan = plan;
    this.directory = directory;
    this.progress = progress;
  }

  /** Soaks the gateway at that many connections; the result is one line of JSON. */
  public String run(int connections) throws IOException, InterruptedException {
    int upstreamPort = ChildJvm.freePort();
    try (ChildJvm _ = Upstream.start(directory, upstreamPort, plan.answers().pace());
        ChildJvm gateway = GatewayProcess.start(directory, plan, upstreamPort)) {
      Hop hop = new Hop("gateway", gateway.port(), GatewayProcess.KEY, "up__echo", gateway::usage);
      plan.warmUp().run(hop, plan.traffic(), progress);
      return soak(gateway, hop, connections);
    }
  }

  private String soak(ChildJvm gateway, Hop hop, int connections)
      throws IOException, InterruptedException {
    double start = held(gateway);
    List<Double> under = new ArrayList<>();
    long calls = 0;
    for (int part = 1; part <= PARTS; part++) {
      LoadResult load =
          LoadDriver.run(
              new LoadPlan(
                  hop.port(),
                  plan.traffic().requests(hop, connections),
                  plan.traffic().marker(),
                  plan.length().dividedBy(PARTS)));
      calls += load.answers();
      under.add(gateway.usage().residentMb());
      progress.accept(
          "soak %d/%d  %,.0f/s  p99 %.0f us  rss %.0f MB"
              .formatted(
                  part,
                  PARTS,
                  load.perSecond(),
                  load.latencies().percentile(99) / 1_000,
                  under.getLast()));
    }
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"soak\",\"connections\":%d,\"seconds\":%d,\"calls\":%d,"
            + "\"rss_start_mb\":%.1f,\"rss_first_half_mb\":%.1f,\"rss_second_half_mb\":%.1f,"
            + "\"rss_max_mb\":%.1f,\"rss_recovered_mb\":%.1f}",
        connections,
        plan.length().toSeconds(),
        calls,
        start,
        mean(under.subList(0, PARTS / 2)),
        mean(under.subList(PARTS / 2, PARTS)),
        under.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
        held(gateway));
  }

  private static double held(ChildJvm gateway) throws IOException, InterruptedException {
    gateway.collectGarbage();
    return gateway.usage().residentMb();
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
