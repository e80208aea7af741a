package dev.gatehouse.audit.export;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.RetentionPlan;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.verify.AuditReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Streams that ended while calls were open, as they are and changed by somebody who holds the key.
 * Leaves them below {@code target/mutations-rolled}, where the second verifier must find the same:
 * {@code build/mutations}.
 */
class RollMutationTest {

  private static final Path LEFT = Path.of("target", "mutations-rolled");
  private static final String S1 = "gate1-1-standard";
  private static final String S2 = "gate1-2-standard";

  @TempDir Path temp;
  final TreeMap<String, String> verdicts = new TreeMap<>();
  String keys = "";

  @Test
  void aCallThatIsCarriedOnFitsBothStreams() throws Exception {
    LogFixture fixture = new LogFixture(temp);
    fixture.retention =
        new RetentionPlan("standard", Map.of("standard", Optional.of(Period.ofDays(10))));
    String rolled;
    try (SegmentAuditLog log = fixture.open()) {
      keys = Files.readString(fixture.dir.resolve("keys/checkpoint.pub"));
      Files.createDirectories(LEFT);
      durable(log, intent("c1"));
      fixture.clock.advance(Duration.ofDays(1));
      log.tend();
      durable(log, outcome("c1"));
      log.checkpoint();
      rolled = exported(fixture);
      judged("rolled", rolled, "sound");
      durable(log, intent("c2"));
      fixture.clock.advance(Duration.ofDays(1));
      log.tend();
      fixture.clock.advance(Duration.ofDays(12));
      assertThat(log.tend()).hasSize(2);
      durable(log, outcome("c2"));
    }
    judged("rolled-and-gone", exported(fixture), "sound");

    CheckpointKey key = CheckpointKey.loadOrCreate(fixture.dir.resolve("keys"), "unused");
    int seal = row(rolled, 0, "audit.sealed");
    int carried = row(rolled, 1, "audit.carried");
    forged(
        "more-carried-than-open",
        ForgedExport.of(rolled)
            .edited(0, seal, row -> row.replace("\"carried_calls\":1", "\"carried_calls\":2")),
        key,
        S1 + "/" + seal);
    forged(
        "open-and-not-carried",
        ForgedExport.of(rolled).edited(0, seal, row -> row.replace("\"carried_calls\":1,", "")),
        key,
        S1 + "/2");
    forged(
        "carried-but-not-open",
        ForgedExport.of(rolled).edited(1, carried, row -> row.replace("\"c1\"", "\"c9\"")),
        key,
        S2 + "/" + carried);
    StringBuilder table = new StringBuilder();
    verdicts.forEach(
        (name, verdict) -> table.append(name).append('\t').append(verdict).append('\n'));
    Files.writeString(LEFT.resolve("verdicts.tsv"), table);
    Files.writeString(LEFT.resolve("keys.pub"), keys);
  }

  private static String exported(LogFixture fixture) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExport.write(fixture.dir, fixture.witness, out, _ -> {});
    return out.toString(StandardCharsets.UTF_8);
  }

  private static int row(String export, int stream, String event) {
    int seq = 0;
    for (ForgedExport.Item item : ForgedExport.of(export).items(stream)) {
      if (!item.isNote()) {
        if (item.text().contains("\"event\":\"" + event + "\"")) {
          return seq;
        }
        seq++;
      }
    }
    throw new AssertionError("no row " + event);
  }

  private void forged(String name, ForgedExport export, CheckpointKey key, String expected)
      throws IOException {
    judged(name, export.rechained(Optional.of(key)), expected);
  }

  private void judged(String name, String text, String expected) throws IOException {
    Path file = LEFT.resolve(name + ".ndjson");
    Files.writeString(file, text);
    AuditReport report = AuditExport.verify(file, Optional.empty(), Optional.of(keys), _ -> {});
    String found =
        switch (report) {
          case AuditReport.Sound _ -> "sound";
          case AuditReport.Broken broken -> broken.row().stream() + "/" + broken.row().seq();
        };
    assertThat(found).as("%s: %s", name, report).isEqualTo(expected);
    verdicts.put(name, expected);
  }
}
