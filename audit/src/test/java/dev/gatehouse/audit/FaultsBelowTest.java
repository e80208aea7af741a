package dev.gatehouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.audit.verify.AuditVerifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operating system says that a write, a sync or a renaming failed, once, to a process that
 * knows nothing of a test: strace makes it say so. The process refuses everything from then on, and
 * what it had acknowledged is there. {@code build/faults} does it at more places.
 */
class FaultsBelowTest {

  private static final int ROUNDS = Integer.getInteger("gatehouse.faults", 1);
  private static final long SEED = Long.getLong("gatehouse.faults.seed", 7);
  private static final int ROWS_MAX = 20_000;
  private static final long END_MAX_SECONDS = 120;
  private static final List<String> TRACE = List.of("strace", "-f", "-qq", "-o", "/dev/null");

  /** A system call, its error, and the latest time that it comes. */
  private record Fault(String call, String error, int latest) {

    String injection(Random random) {
      return "inject=%s:error=%s:when=%d".formatted(call, error, 1 + random.nextInt(latest));
    }
  }

  private static final List<Fault> FAULTS =
      List.of(
          new Fault("fdatasync", "EIO", 200),
          new Fault("pwrite64", "ENOSPC", 300),
          new Fault("fsync", "EIO", 6));

  @TempDir Path temp;

  @BeforeAll
  static void straceRuns() throws InterruptedException {
    Assumptions.assumeTrue(
        injects(), "strace is not installed or may not trace here; on Debian: apt-get install it");
  }

  private static boolean injects() throws InterruptedException {
    try {
      List<String> command = new ArrayList<>(TRACE);
      command.addAll(List.of("-e", "inject=fsync:error=EIO:when=1", "true"));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(END_MAX_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whatWasAcknowledgedBeforeTheSystemFailedIsThere() throws Exception {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      for (Fault fault : FAULTS) {
        String injection = fault.injection(random);
        Path record = Files.createTempDirectory(temp, fault.call());
        Set<String> acknowledged = acknowledged(record, injection);
        SegmentAuditLog.open(KillChild.config(record)).close();
        assertThat(AuditVerifier.verify(record.resolve("audit"), record.resolve("witness")))
            .as("%s, seed %d", injection, SEED)
            .isInstanceOf(Sound.class);
        acknowledged.removeAll(stored(record));
        assertThat(acknowledged).as("lost by %s, seed %d", injection, SEED).isEmpty();
        System.out.printf("%s: nothing lost%n", injection);
      }
    }
  }

  /**
   * What a process acknowledges until it is told of the fault and ends, since it refuses all; when
   * the fault meets what rows do not need, such as a checkpoint, it is killed.
   */
  private static Set<String> acknowledged(Path record, String injection) throws Exception {
    String call = injection.substring("inject=".length(), injection.indexOf(':'));
    List<String> command = new ArrayList<>(TRACE);
    command.addAll(List.of("-e", "trace=" + call, "-e", injection));
    command.addAll(KillChild.command(record));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    Set<String> acknowledged = new HashSet<>();
    try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged.add(line);
        if (acknowledged.size() == ROWS_MAX) {
          child.descendants().forEach(ProcessHandle::destroyForcibly);
        }
      }
      assertThat(child.waitFor(END_MAX_SECONDS, TimeUnit.SECONDS)).as(injection).isTrue();
    } finally {
      child.descendants().forEach(ProcessHandle::destroyForcibly);
      child.destroyForcibly();
    }
    acknowledged.removeIf(line -> !line.matches("\\S+/[0-9]+ [0-9a-f]{64}")); // cut off by the kill
    return acknowledged;
  }

  private static Set<String> stored(Path record) throws IOException {
    Set<String> stored = new HashSet<>();
    try (AuditReader reader =
        AuditReader.open(record.resolve("audit"), "gate1-standard", new Start.Oldest())) {
      for (Optional<StoredRow> row = reader.poll(); row.isPresent(); row = reader.poll()) {
        stored.add(row.get().receipt() + " " + row.get().receipt().link());
      }
    }
    return stored;
  }
}
