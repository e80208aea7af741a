package dev.gatehouse.audit;

import dev.gatehouse.audit.index.AuditIndex;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.core.audit.AuditRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Measures the full path: map, canonical form, hashes, queue, one sync a batch, waiter resumed.
 * Arguments: a directory, the number of waiting virtual threads, seconds. Run it by hand, with
 * {@code -XX:+UseParallelGC} and without anything else on the machine.
 */
final class Throughput {

  private static final int SAMPLES_MAX = 4_000_000;

  private Throughput() {}

  public static void main(String[] args) throws Exception {
    Path dir = Files.createTempDirectory(Path.of(args[0]), "throughput");
    int waiters = Integer.parseInt(args[1]);
    Duration time = Duration.ofSeconds(Long.parseLong(args[2]));
    SegmentAuditLog log = SegmentAuditLog.open(AuditConfig.defaults(dir, "bench"));
    run(log, waiters, Duration.ofSeconds(2), "warm");
    Duration cpuBefore = cpu();
    long[] nanos = run(log, waiters, time, "run");
    Duration used = cpu().minus(cpuBefore);
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "waiters %d rows/s %.0f p50 %.0f us p99 %.0f us max %.0f us cpu %.2f us/row%n",
        waiters,
        nanos.length / (double) time.toSeconds(),
        nanos[nanos.length / 2] / 1e3,
        nanos[(int) (nanos.length * 0.99)] / 1e3,
        nanos[nanos.length - 1] / 1e3,
        used.toNanos() / 1e3 / nanos.length);
    log.close();
    cpuBefore = cpu();
    long start = System.nanoTime();
    AuditReport report = AuditVerifier.verify(dir, dir.resolve("witness"));
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "verify %s %.0f rows/s cpu %.2f us/row%n",
        report.getClass().getSimpleName(),
        report.counts().rows() / seconds,
        cpu().minus(cpuBefore).toNanos() / 1e3 / report.counts().rows());
    index(dir);
  }

  private static void index(Path dir) throws IOException {
    try (AuditIndex index = AuditIndex.open(dir)) {
      Duration cpuBefore = cpu();
      long start = System.nanoTime();
      long rows = index.rebuild(_ -> {});
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "index %.0f rows/s cpu %.2f us/row%n",
          rows / seconds,
          cpu().minus(cpuBefore).toNanos() / 1e3 / rows);
    }
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
  }

  private static long[] run(SegmentAuditLog log, int waiters, Duration time, String run)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    CountDownLatch done = new CountDownLatch(waiters);
    List<long[]> samples = new ArrayList<>();
    int each = Math.max(SAMPLES_MAX / waiters, 1);
    for (int i = 0; i < waiters; i++) {
      String prefix = run + "-" + i + "-";
      Thread.startVirtualThread(
          () -> {
            long[] mine = wait(log, prefix, end, each);
            synchronized (samples) {
              samples.add(mine);
            }
            done.countDown();
          });
    }
    done.await();
    return samples.stream().flatMapToLong(Arrays::stream).toArray();
  }

  private static long[] wait(SegmentAuditLog log, String prefix, long end, int most) {
    long[] nanos = new long[most];
    int count = 0;
    while (System.nanoTime() < end && count < most) {
      long start = System.nanoTime();
      log.append(row(prefix + count / 2, count % 2 == 0)).toCompletableFuture().join();
      nanos[count++] = System.nanoTime() - start;
    }
    return Arrays.copyOf(nanos, count);
  }

  /** About a kibibyte, of the members that the Gate's rows have. */
  private static AuditRow row(String callId, boolean intent) {
    Map<String, Object> row = HashMap.newHashMap(32);
    row.put("v", 1);
    row.put("type", intent ? "intent" : "outcome");
    row.put("call_id", callId);
    row.put("agent", "billing-agent");
    row.put("connector", "tickets");
    row.put("operation", "close_ticket");
    row.put("session", "0190b2d4-7c1e-7f00-a1b2-c3d4e5f60718");
    row.put("action_type", "tool.call");
    row.put("tool", "tickets__close_ticket");
    row.put("credential", "0123456789ab");
    row.put("operation_type", "write");
    row.put("target", "ticket/4711");
    row.put("target_tier", "production");
    row.put("connector_class", "internal");
    row.put("request_digest", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    row.put("decided_at_ms", 1_767_225_600_000L);
    row.put("verdict", "allow");
    row.put("rule", "manifest");
    row.put("reason", "declared in the manifest and below the review threshold of the risk model");
    row.put(
        "risk",
        Map.of(
            "operation",
            20,
            "connector",
            10,
            "session",
            0,
            "target",
            25,
            "total",
            55,
            "review_threshold",
            60,
            "deny_threshold",
            85));
    row.put("session_actions", 12);
    row.put("calls_last_minute", 3);
    row.put("policy_digest", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    row.put("risk_digest", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
    row.put("owner", "payments-team@example.com");
    row.put("trace_parent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    row.put("operation_source", "annotation");
    return new AuditRow(row);
  }
}
