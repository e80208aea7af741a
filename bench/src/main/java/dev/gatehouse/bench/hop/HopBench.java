package dev.gatehouse.bench.hop;

import dev.gatehouse.bench.peer.BareHop;
import dev.gatehouse.bench.process.ChildJvm;
import dev.gatehouse.bench.report.Report;
import dev.gatehouse.bench.report.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Starts upstream and hops, measures the hops in turn, ends them all. */
public final class HopBench {

  private static final int EVENT_LOOPS = Runtime.getRuntime().availableProcessors();

  private final HopPlan plan;
  private final Path directory;
  private final Consumer<String> progress;

  /**
   * Prepares a bench.
   *
   * @param directory the run's own directory, on the disk whose fsync counts
   * @param progress told what happens
   */
  public HopBench(HopPlan plan, Path directory, Consumer<String> progress) {
    this.plan = plan;
    this.directory = directory;
    this.progress = progress;
  }

  /** Measures, one report for each number of connections. */
  public List<Report> run() throws IOException, InterruptedException {
    progress.accept("starting upstream and hops in " + directory);
    if (plan.recordings().isPresent()) {
      Files.createDirectories(plan.recordings().get());
    }
    int upstreamPort = ChildJvm.freePort();
    try (ChildJvm _ = Upstream.start(directory, upstreamPort, plan.answers().pace());
        ChildJvm bare = bareHop("bare", upstreamPort);
        ChildJvm ours =
            plan.noise()
                ? bareHop("noise", upstreamPort)
                : GatewayProcess.start(directory, plan, upstreamPort)) {
      Hop bareHop = new Hop("bare", bare.port(), GatewayProcess.KEY, "echo", bare::usage);
      Hop oursHop =
          plan.noise()
              ? new Hop("noise", ours.port(), GatewayProcess.KEY, "echo", ours::usage)
              : new Hop("gateway", ours.port(), GatewayProcess.KEY, "up__echo", ours::usage);
      return measure(bareHop, oursHop);
    }
  }

  private List<Report> measure(Hop bare, Hop ours) throws IOException, InterruptedException {
    Traffic traffic = plan.traffic();
    Schedule schedule = new Schedule(plan.runs(), progress);
    plan.warmUp().run(bare, traffic, progress);
    plan.warmUp().run(ours, traffic, progress);
    List<Report> reports = new ArrayList<>();
    for (int connections : plan.connections()) {
      reports.add(
          schedule.measure(
              plan.bench(),
              connections,
              new HopSide(bare, traffic, connections, plan.length()),
              new HopSide(ours, traffic, connections, plan.length())));
    }
    return reports;
  }

  private ChildJvm bareHop(String name, int upstreamPort) throws IOException, InterruptedException {
    int port = ChildJvm.freePort();
    return ChildJvm.start(
        name,
        directory,
        HopFlags.with(name, plan.recordings()),
        BareHop.class,
        port,
        List.of(
            Integer.toString(port), Integer.toString(upstreamPort), Integer.toString(EVENT_LOOPS)));
  }
}
