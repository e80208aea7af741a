package dev.gatehouse.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the process in the middle of a load, again and again over the same directory: every
 * acknowledged row is there, with the link that was acknowledged. {@code -Dgatehouse.kills=1000}
 * for the long form, which {@code build/kills} runs; {@code -Dgatehouse.kills.seed} repeats one.
 */
class KillTest {

  private static final int KILLS = Integer.getInteger("gatehouse.kills", 5);
  private static final long SEED = Long.getLong("gatehouse.kills.seed", 9);
  private static final int ROWS_MAX = 3_000;

  /** A record begins anew after so many kills: each is verified whole. */
  private static final int KILLS_PER_RECORD = 25;

  @TempDir Path temp;
  private Path record = Path.of("");

  @Test
  void everyAcknowledgedRowSurvivesAKill() throws Exception {
    RandomGenerator random = new Random(SEED);
    for (int kill = 0; kill < KILLS; kill++) {
      if (kill % KILLS_PER_RECORD == 0) {
        record = Files.createDirectory(temp.resolve("record" + kill));
      }
      Set<String> acknowledged = killedAfter(1 + random.nextInt(ROWS_MAX));
      SegmentAuditLog.open(KillChild.config(record)).close();
      assertThat(AuditVerifier.verify(record.resolve("audit"), record.resolve("witness")))
          .as("kill %d, seed %d", kill, SEED)
          .isInstanceOf(Sound.class);
      acknowledged.removeAll(stored(acknowledged.iterator().next()));
      assertThat(acknowledged).as("lost in kill %d, seed %d", kill, SEED).isEmpty();
      if ((kill + 1) % KILLS_PER_RECORD == 0) {
        System.out.printf("%d of %d kills, seed %d: nothing lost%n", kill + 1, KILLS, SEED);
      }
    }
  }

  private Set<String> killedAfter(int rows) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(KillChild.command(record))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Set<String> acknowledged = new HashSet<>();
    try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged.add(line);
        if (acknowledged.size() == 1) {
          assertSecondProcessRefused(child.pid());
        }
        if (acknowledged.size() == rows) {
          child.toHandle().destroyForcibly(); // unlike the process's own, leaves its output open
        }
      }
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
    acknowledged.removeIf(
        line -> line.length() < 65 || line.lastIndexOf(' ') != line.length() - 65);
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(rows - 1);
    return acknowledged;
  }

  private void assertSecondProcessRefused(long pid) {
    assertThatThrownBy(() -> SegmentAuditLog.open(KillChild.config(record)))
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessageContaining("process " + pid)
        .hasMessageContaining("gate1-standard.lock");
  }

  private Set<String> stored(String receipt) throws IOException {
    String stream = receipt.substring(0, receipt.indexOf('/'));
    Set<String> stored = new HashSet<>();
    Reveal reveal = Reveal.of(record.resolve("audit"));
    try (AuditReader reader =
        AuditReader.open(record.resolve("audit"), "gate1-standard", new Start.At(stream, 0))) {
      for (Optional<StoredRow> row = reader.poll(); row.isPresent(); row = reader.poll()) {
        stored.add(row.get().receipt() + " " + row.get().receipt().link());
        assertThat(reveal.row(row.get()).json()).doesNotContain("(not kept here)");
      }
    }
    return stored;
  }
}
