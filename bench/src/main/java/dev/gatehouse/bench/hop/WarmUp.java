package dev.gatehouse.bench.hop;

import dev.gatehouse.bench.load.LoadDriver;
import dev.gatehouse.bench.load.LoadPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Load that does not count, so that the compiler has seen what is hot. Work rather than time: on a
 * busy machine the same number of answers takes longer.
 *
 * @param connections requests at a time
 * @param answers enough when a hop has given that many
 * @param atMost enough in any case
 */
public record WarmUp(int connections, long answers, Duration atMost) {

  private static final Duration ROUND = Duration.ofMillis(500);

  void run(Hop hop, Traffic traffic, Consumer<String> progress)
      throws IOException, InterruptedException {
    progress.accept("warming up " + hop.name());
    long giveUp = System.nanoTime() + atMost.toNanos();
    long given = 0;
    while (given < answers && System.nanoTime() < giveUp) {
      LoadPlan round =
          new LoadPlan(hop.port(), traffic.requests(hop, connections), traffic.marker(), ROUND);
      given += LoadDriver.run(round).answers();
    }
  }
}
