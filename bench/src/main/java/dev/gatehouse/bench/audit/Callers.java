package dev.gatehouse.bench.audit;

import dev.gatehouse.bench.load.Histogram;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.call.CallId;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Virtual threads that append rows to a log, each waiting for one receipt at a time. */
final class Callers {

  private static final InstantSource CLOCK = Clock.systemUTC();

  private final AuditLog log;
  private final int count;

  Callers(AuditLog log, int count) {
    this.log = log;
    this.count = count;
  }

  /** Appends for that long; every row counted is durable. */
  Rows run(Duration length) throws InterruptedException {
    long started = System.nanoTime();
    long until = started + length.toNanos();
    List<Future<Histogram>> calling = new ArrayList<>();
    Histogram all = new Histogram();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        long seed = i;
        calling.add(threads.submit(() -> call(until, new SplittableRandom(seed))));
      }
      for (Future<Histogram> caller : calling) {
        all.add(caller.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a caller's row was refused", e.getCause());
    }
    return new Rows(all, Duration.ofNanos(System.nanoTime() - started));
  }

  private Histogram call(long until, SplittableRandom random) {
    Histogram latencies = new Histogram();
    for (long number = 0; System.nanoTime() < until; number++) {
      String id = CallId.next(CLOCK, random).value();
      // Never an intent without its outcome: the log counts the calls that are open.
      append(latencies, AuditRows.intent(id, number));
      append(latencies, AuditRows.outcome(id, number));
    }
    return latencies;
  }

  private void append(Histogram latencies, AuditRow row) {
    long asked = System.nanoTime();
    log.append(row).toCompletableFuture().join();
    latencies.record(System.nanoTime() - asked);
  }
}
