package dev.gatehouse.audit.export;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.verify.AuditReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys that changed within a stream, and what somebody does with the old ones. Leaves every
 * mutation below {@code target/mutations-rotated}, where the second verifier must find the same:
 * {@code build/mutations}.
 */
class KeyChangeMutationTest {

  private static final Path LEFT = Path.of("target", "mutations-rotated");
  private static final String S1 = "gate1-1-standard";

  @TempDir Path temp;
  final TreeMap<String, String> verdicts = new TreeMap<>();

  @Test
  void theOldKeysSignNothingBehindTheRowAndTheNewOnesNothingBefore() throws Exception {
    Files.createDirectories(LEFT);
    LogFixture live = new LogFixture(temp);
    Path keys = live.dir.resolve("keys");
    try (SegmentAuditLog log = live.open()) {
      LogFixture.copy(keys, temp.resolve("old"));
      durable(log, intent("c1"));
      log.rotateKey("ann");
      durable(log, outcome("c1"));
      log.checkpoint();
    }
    CheckpointKey old = CheckpointKey.loadOrCreate(temp.resolve("old"), "unused");
    CheckpointKey next = CheckpointKey.loadOrCreate(keys, "unused");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExport.write(live.dir, live.witness, out, _ -> {});
    String good = out.toString(StandardCharsets.UTF_8);
    String all = Files.readString(keys.resolve("checkpoint.pub"));
    String first = Files.readString(temp.resolve("old/checkpoint.pub"));
    List<String> rows =
        ForgedExport.of(good).items(0).stream()
            .filter(item -> !item.isNote())
            .map(ForgedExport.Item::text)
            .toList();
    String said =
        rows.stream().filter(row -> row.contains("audit.key_rotated\"")).findFirst().orElseThrow();
    int row = rows.indexOf(said);

    judged("within", good, all, "sound");
    judged("within-from-the-first-key", good, first, "sound");
    // The checkpoint right behind the row is the first that is wrong.
    judged(
        "old-key-behind-the-row",
        ForgedExport.of(good).rechained(Optional.of(old)),
        all,
        S1 + "/" + row);
    judged(
        "new-key-before-the-row",
        ForgedExport.of(good).rechained(Optional.of(next)),
        all,
        S1 + "/" + row);
    judged(
        "row-twice",
        ForgedExport.of(good).inserted(0, row + 1, said).rechained(Optional.empty()),
        all,
        S1 + "/" + (row + 1));
    StringBuilder table = new StringBuilder();
    verdicts.forEach(
        (each, verdict) -> table.append(each).append('\t').append(verdict).append('\n'));
    Files.writeString(LEFT.resolve("verdicts.tsv"), table);
    Files.writeString(LEFT.resolve("keys.pub"), all);
  }

  private void judged(String name, String text, String trusted, String expected)
      throws IOException {
    Path file = LEFT.resolve(name + ".ndjson");
    Files.writeString(file, text);
    Files.writeString(LEFT.resolve(name + ".pub"), trusted);
    AuditReport report = AuditExport.verify(file, Optional.empty(), Optional.of(trusted), _ -> {});
    String found =
        switch (report) {
          case AuditReport.Sound _ -> "sound";
          case AuditReport.Broken broken -> broken.row().stream() + "/" + broken.row().seq();
        };
    assertThat(found).as("%s: %s", name, report).isEqualTo(expected);
    verdicts.put(name, expected);
  }
}
