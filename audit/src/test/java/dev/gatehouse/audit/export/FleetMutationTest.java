package dev.gatehouse.audit.export;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.note.FleetCheckpoint;
import dev.gatehouse.audit.note.KeyFiles;
import dev.gatehouse.audit.note.StreamTip;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What only a fleet log shows, and what somebody who holds the keys does to one. Leaves every
 * mutation below {@code target/mutations-fleet}, where the second verifier must find the same:
 * {@code tools/verify/check}.
 */
class FleetMutationTest {

  private static final Path LEFT = Path.of("target", "mutations-fleet");
  private static final String S1 = "gate1-1-standard";
  private static final String S2 = "gate1-2-standard";
  private static final String IDLE = "gate2-1-standard";
  private static final String LOG = "fleet/gate1-standard";

  @TempDir Path temp;
  LogFixture fixture;
  String export;
  String keys;
  CheckpointKey key;
  final TreeMap<String, String> verdicts = new TreeMap<>();

  private interface Change {
    void to(WitnessDirectory witness) throws Exception;
  }

  @BeforeEach
  void twoNodesOfWhichOneIsIdle() throws IOException {
    fixture = new LogFixture(temp);
    fixture.open("gate2").close();
    try (SegmentAuditLog log = fixture.open()) { // fleet checkpoint 1
      durable(log, event(2));
      log.checkpoint(); // 2
    } // 3
    try (SegmentAuditLog log = fixture.open()) { // 4
      durable(log, event(2));
    } // 5
    export = exported(fixture);
    key = CheckpointKey.loadOrCreate(fixture.dir.resolve("keys"), "unused");
    keys = Files.readString(fixture.dir.resolve("keys/checkpoint.pub"));
    if (Files.exists(LEFT)) {
      try (var files = Files.walk(LEFT)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(LEFT);
  }

  private static String exported(LogFixture from) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExport.write(from.dir, from.witness, out, _ -> {});
    return out.toString(StandardCharsets.UTF_8);
  }

  private void judged(String name, String text, String trusted, Path witness, String expected)
      throws IOException {
    Path file = LEFT.resolve(name + ".ndjson");
    Files.writeString(file, text);
    Files.writeString(LEFT.resolve(name + ".pub"), trusted);
    AuditReport report =
        AuditExport.verify(file, Optional.of(witness), Optional.of(trusted), _ -> {});
    String found =
        switch (report) {
          case AuditReport.Sound _ -> "sound";
          case AuditReport.Broken broken -> broken.row().stream() + "/" + broken.row().seq();
        };
    assertThat(found).as("%s: %s", name, report).isEqualTo(expected);
    LogFixture.copy(witness, LEFT.resolve(name + ".witness"));
    verdicts.put(name, expected);
  }

  private void changed(String name, String text, String expected, Change change) throws Exception {
    Path copy = temp.resolve("witness-" + name);
    LogFixture.copy(fixture.witness, copy);
    change.to(new WitnessDirectory(copy));
    judged(name, text, keys, copy, expected);
  }

  @Test
  void whateverIsDoneToAFleetLogOrBehindItsBackIsRefused() throws Exception {
    judged("untouched", export, keys, fixture.witness, "sound");
    notes();
    forgedNotes();
    records();
    rotations();
    StringBuilder table = new StringBuilder();
    verdicts.forEach(
        (name, verdict) -> table.append(name).append('\t').append(verdict).append('\n'));
    Files.writeString(LEFT.resolve("verdicts.tsv"), table);
    Files.writeString(LEFT.resolve("keys.pub"), keys);
  }

  /** Without any key. */
  private void notes() throws Exception {
    changed("tip-missing", export, LOG + "/2", dir -> Files.delete(dir.note(LOG, 2)));
    changed("first-tip-missing", export, LOG + "/1", dir -> Files.delete(dir.note(LOG, 1)));
    changed(
        "tip-replayed",
        export,
        LOG + "/4",
        dir -> {
          Files.delete(dir.note(LOG, 4));
          Files.copy(dir.note(LOG, 2), dir.note(LOG, 4));
        });
    changed(
        "last-tips-cut-off",
        export,
        S2 + "/1",
        dir -> {
          Files.delete(dir.note(LOG, 4));
          Files.delete(dir.note(LOG, 5));
        });
    changed(
        "tip-of-another-log",
        export,
        LOG + "/5",
        dir -> {
          Files.delete(dir.note(LOG, 5));
          Files.copy(dir.note("fleet/gate2-standard", 1), dir.note(LOG, 5));
        });
    changed(
        "tip-altered",
        export,
        LOG + "/2",
        dir -> {
          String note = Files.readString(dir.note(LOG, 2));
          Files.writeString(dir.note(LOG, 2), note.replaceFirst("tip (\\S+) \\d+", "tip $1 2"));
        });
    changed(
        "unsigned-line",
        export,
        LOG + "/2",
        dir -> {
          String note = Files.readString(dir.note(LOG, 2));
          Files.writeString(dir.note(LOG, 2), note.replaceFirst("\ntip", "\nnote x\ntip"));
        });
  }

  /** By somebody who holds the key. */
  private void forgedNotes() throws Exception {
    long rows = tip(5, S2).rows();
    changed(
        "tip-of-the-future",
        export,
        S2 + "/" + rows,
        dir ->
            forge(
                dir,
                6,
                Instant.MAX,
                S2,
                tip -> new StreamTip(tip.stream(), rows + 1, tip.link()),
                key));
    changed(
        "two-tips-of-one-size",
        export,
        S2 + "/" + (rows - 1),
        dir ->
            forge(
                dir,
                5,
                Instant.MAX,
                S2,
                tip -> new StreamTip(tip.stream(), rows, "ab".repeat(32)),
                key));
    changed(
        "fork-behind-a-tip",
        export,
        LOG + "/3",
        dir ->
            forge(
                dir,
                2,
                Instant.MAX,
                S1,
                tip -> new StreamTip(tip.stream(), tip.rows(), "ab".repeat(32)),
                key));
    changed(
        "shorter-stream",
        export,
        LOG + "/6",
        dir ->
            forge(
                dir,
                6,
                Instant.MAX,
                S2,
                tip -> new StreamTip(tip.stream(), rows - 1, tip.link()),
                key));
    changed(
        "same-tip-again",
        export,
        LOG + "/6",
        dir -> forge(dir, 6, Instant.MAX, S2, UnaryOperator.identity(), key));
    changed(
        "clock-rollback",
        export,
        LOG + "/6",
        dir ->
            forge(
                dir,
                6,
                Instant.EPOCH,
                S2,
                tip -> new StreamTip(tip.stream(), rows + 1, tip.link()),
                key));
    CheckpointKey stranger = CheckpointKey.loadOrCreate(temp.resolve("stranger"), "gate1");
    changed(
        "foreign-key",
        export,
        LOG + "/5",
        dir -> forge(dir, 5, Instant.MAX, S2, UnaryOperator.identity(), stranger));
  }

  private StreamTip tip(int number, String stream) throws IOException {
    return tipOf(new WitnessDirectory(fixture.witness).readFleet(LOG, number), stream);
  }

  private static StreamTip tipOf(FleetCheckpoint checkpoint, String stream) {
    return checkpoint.tips().stream()
        .filter(tip -> tip.stream().toString().equals(stream))
        .findFirst()
        .orElseThrow();
  }

  /** Writes a checkpoint like the one before, with a tip changed and its root right. */
  private static void forge(
      WitnessDirectory dir,
      int number,
      Instant atMost,
      String stream,
      UnaryOperator<StreamTip> change,
      CheckpointKey signer)
      throws IOException {
    MerkleTree tree = new MerkleTree(new ChainHasher());
    for (int each = 1; each < number; each++) {
      tree.append(dir.readFleet(LOG, each).leaf());
    }
    FleetCheckpoint like = dir.readFleet(LOG, Math.min(number, dir.last(LOG)));
    List<StreamTip> tips = new ArrayList<>();
    tips.add(change.apply(tipOf(like, stream)));
    Instant at = like.at().isBefore(atMost) ? like.at() : atMost;
    Files.deleteIfExists(dir.note(LOG, number));
    keep(dir, new FleetCheckpoint(LOG, number, "", at, like.rotation(), tips), tree, signer);
  }

  private static void keep(
      WitnessDirectory dir, FleetCheckpoint draft, MerkleTree tree, CheckpointKey signer)
      throws IOException {
    tree.append(draft.leaf());
    dir.keep(
        new FleetCheckpoint(
            draft.log(),
            draft.number(),
            HexFormat.of().formatHex(tree.root()),
            draft.at(),
            draft.rotation(),
            draft.tips()),
        signer);
  }

  /** The record changed, and its own checkpoints removed from the witness. */
  private void records() throws Exception {
    ForgedExport idle = ForgedExport.of(export);
    idle.without(2);
    changed(
        "omitted-idle-stream",
        idle.rechained(Optional.of(key)),
        IDLE + "/0",
        dir -> {
          Files.delete(dir.note(IDLE, 1));
          Files.delete(dir.note(IDLE, 2));
          Files.delete(dir.dir().resolve(IDLE));
        });
    ForgedExport cut = ForgedExport.of(export);
    cut.items(1).removeLast();
    cut.items(1).removeLast();
    changed(
        "tail-cut-off-with-its-tip",
        cut.rechained(Optional.of(key)),
        S2 + "/3",
        dir -> Files.delete(dir.note(S2, 2)));
  }

  /** Keys that changed, and a forger who holds both. */
  private void rotations() throws Exception {
    LogFixture rotated = new LogFixture(Files.createDirectory(temp.resolve("rotated")));
    rotated.open().close();
    Path keyDir = rotated.dir.resolve("keys");
    String first = Files.readString(keyDir.resolve("checkpoint.pub"));
    LogFixture.copy(keyDir, temp.resolve("old-keys"));
    new KeyFiles(keyDir).prepare();
    rotated.open().close();
    CheckpointKey old = CheckpointKey.loadOrCreate(temp.resolve("old-keys"), "unused");
    CheckpointKey next = CheckpointKey.loadOrCreate(keyDir, "unused");
    String all = Files.readString(keyDir.resolve("checkpoint.pub"));
    String text = exported(rotated);

    judged("rotated", text, all, rotated.witness, "sound");
    judged("rotated-from-the-first-key", text, first, rotated.witness, "sound");
    WitnessDirectory dir = new WitnessDirectory(rotated.witness);
    FleetCheckpoint third = dir.readFleet(LOG, 3);
    assertThat(third.rotation()).isPresent();
    MerkleTree tree = new MerkleTree(new ChainHasher());
    tree.append(dir.readFleet(LOG, 1).leaf());
    tree.append(dir.readFleet(LOG, 2).leaf());
    Files.delete(dir.note(LOG, 3));
    keep(dir, third, MerkleTree.of(new ChainHasher(), 2, tree.subtrees()), old);
    judged("key-used-after-rotation", text, all, rotated.witness, LOG + "/3");
    Files.delete(dir.note(LOG, 3));
    FleetCheckpoint silent =
        new FleetCheckpoint(LOG, 3, "", third.at(), Optional.empty(), third.tips());
    keep(dir, silent, MerkleTree.of(new ChainHasher(), 2, tree.subtrees()), next);
    judged("rotation-removed", text, all, rotated.witness, LOG + "/3");
    Files.delete(dir.note(LOG, 3));
    Optional<String> flipped =
        third
            .rotation()
            .map(said -> said.replaceFirst("(from_signatures\":\\[\"[^\"]{20})[^\"]", "$1/"));
    FleetCheckpoint unsigned = new FleetCheckpoint(LOG, 3, "", third.at(), flipped, third.tips());
    keep(dir, unsigned, tree, next);
    judged("rotation-unsigned", text, all, rotated.witness, LOG + "/3");
  }
}
