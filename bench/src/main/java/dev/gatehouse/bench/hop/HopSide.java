package dev.gatehouse.bench.hop;

import dev.gatehouse.bench.load.LoadDriver;
import dev.gatehouse.bench.load.LoadPlan;
import dev.gatehouse.bench.load.LoadResult;
import dev.gatehouse.bench.process.Usage;
import dev.gatehouse.bench.report.Sample;
import dev.gatehouse.bench.report.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * One hop under load.
 *
 * @param connections connections at a time
 * @param length how long one measurement lasts
 */
record HopSide(Hop hop, Traffic traffic, int connections, Duration length)
    implements Schedule.Side {

  @Override
  public Sample measure() throws IOException, InterruptedException {
    LoadPlan plan =
        new LoadPlan(hop.port(), traffic.requests(hop, connections), traffic.marker(), length);
    Usage before = hop.meter().read();
    LoadResult result = LoadDriver.run(plan);
    Usage after = hop.meter().read();
    double cpuNanos = after.cpu().minus(before.cpu()).toNanos();
    return new Sample(
        result.perSecond(),
        result.latencies().percentile(50) / 1_000,
        result.latencies().percentile(99) / 1_000,
        cpuNanos / 1_000 / result.answers(),
        after.residentMb(),
        firstByte(result));
  }

  private Optional<Sample.FirstByte> firstByte(LoadResult result) {
    return traffic.streamed()
        ? Optional.of(
            new Sample.FirstByte(
                result.firstBytes().percentile(50) / 1_000,
                result.firstBytes().percentile(99) / 1_000))
        : Optional.empty();
  }
}
