package dev.gatehouse.bench.hop;

import dev.gatehouse.bench.peer.MockUpstream;
import dev.gatehouse.bench.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Starts the mock upstream on one event loop, which is enough for any hop before it. */
final class Upstream {

  private static final String EVENT_LOOPS = "1";

  private Upstream() {}

  static ChildJvm start(Path directory, int port, Duration pace)
      throws IOException, InterruptedException {
    return ChildJvm.start(
        "upstream",
        directory,
        HopFlags.COMMON,
        MockUpstream.class,
        port,
        List.of(Integer.toString(port), EVENT_LOOPS, Long.toString(pace.toMillis())));
  }
}
