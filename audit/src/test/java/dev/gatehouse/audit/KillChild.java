package dev.gatehouse.audit;

import dev.gatehouse.audit.personal.PersonalFields;
import dev.gatehouse.core.audit.AuditRow;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The process that the kill test kills: appends calls from several threads and prints each row's
 * receipt once it is acknowledged.
 */
final class KillChild {

  private static final int THREADS = 16;

  private KillChild() {}

  static AuditConfig config(Path temp) {
    return new AuditConfig(
        temp.resolve("audit"),
        "gate1",
        RetentionPlan.only("standard"),
        temp.resolve("witness"),
        256 << 10,
        8 << 10,
        10_000,
        16 << 20,
        10_000,
        Duration.ofMillis(50),
        false,
        Optional.empty(),
        Clock.systemUTC(),
        new PersonalFields(Set.of("p"), "agent"),
        Optional.empty());
  }

  /** What starts it on that record. */
  static List<String> command(Path record) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx256m",
        "-cp",
        System.getProperty("java.class.path"),
        KillChild.class.getName(),
        record.toString());
  }

  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    SegmentAuditLog log = SegmentAuditLog.open(config(Path.of(args[0])));
    for (int thread = 0; thread < THREADS; thread++) {
      String prefix = ProcessHandle.current().pid() + "-" + thread + "-";
      Thread.ofPlatform().start(() -> append(log, prefix, out));
    }
  }

  private static void append(SegmentAuditLog log, String prefix, PrintStream out) {
    for (int i = 0; true; i++) {
      String pad = "x".repeat(i * 37 % 1_500);
      acknowledged(
          log, Map.of("type", "intent", "call_id", prefix + i, "verdict", "allow", "p", pad), out);
      acknowledged(
          log, Map.of("type", "outcome", "call_id", prefix + i, "outcome", "completed"), out);
    }
  }

  private static void acknowledged(SegmentAuditLog log, Map<String, Object> row, PrintStream out) {
    var receipt = log.append(new AuditRow(row)).toCompletableFuture().join();
    synchronized (out) {
      out.println(receipt + " " + receipt.link());
      out.flush();
    }
  }
}
