package dev.gatehouse.audit.export;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.note.KeyFiles;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.proof.AuditProof;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.stamp.StampAuthorities;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.witness.WitnessDirectory;
import dev.gatehouse.core.json.CanonicalJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is changed in an export is refused, and the first bad row named. Leaves every mutation
 * and what was found below {@code target/mutations}, where the second verifier must find the same:
 * {@code build/mutations}. {@code -Dgatehouse.mutations=all} changes every byte of the signatures
 * too, which the short form samples.
 */
class MutationTest {

  private static final Path LEFT = Path.of("target", "mutations");
  private static final int SIGNATURE_STEP = 61;
  private static final int BASE64_RUN = 40;
  private static final String S1 = "gate1-1-standard";
  private static final String S2 = "gate1-2-standard";

  @TempDir Path temp;
  LogFixture fixture;
  String export;
  CheckpointKey key;
  String keys;
  final TreeMap<String, String> verdicts = new TreeMap<>();

  @BeforeEach
  void anExportOfTwoStreams() throws IOException {
    fixture = new LogFixture(temp);
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c1")); // row 2
      durable(log, outcome("c1"));
      durable(log, event(4));
      log.checkpoint(); // covers rows 0 to 4
      durable(log, event(6));
    }
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c2"));
      durable(log, outcome("c2"));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExport.write(fixture.dir, fixture.witness, out, _ -> {});
    export = out.toString(StandardCharsets.UTF_8);
    key = CheckpointKey.loadOrCreate(fixture.dir.resolve("keys"), "unused");
    keys = Files.readString(fixture.dir.resolve("keys/checkpoint.pub"));
    Files.createDirectories(LEFT);
  }

  private String verdict(byte[] bytes, Optional<Path> witness, List<VerifierKey> trusted)
      throws IOException {
    ExportLines lines = new ExportLines(new ByteArrayInputStream(bytes));
    AuditReport report =
        new ExportCheck(
                Path.of("export"),
                lines,
                witness.map(WitnessDirectory::new),
                trusted,
                StampAuthorities.nobody(),
                _ -> {})
            .run();
    return switch (report) {
      case AuditReport.Sound _ -> "sound";
      case AuditReport.Broken broken -> broken.row().stream() + "/" + broken.row().seq();
    };
  }

  @Test
  void oneFlippedBitAtAnyByteIsRefused() throws Exception {
    byte[] bytes = export.getBytes(StandardCharsets.UTF_8);
    assertThat(verdict(bytes, Optional.empty(), List.of())).isEqualTo("sound");
    boolean all = System.getProperty("gatehouse.mutations", "").equals("all");
    StringBuilder table = new StringBuilder();
    for (int at = 0; at < bytes.length; at++) {
      if (!all && at % SIGNATURE_STEP != 0 && inBase64(bytes, at)) {
        continue;
      }
      bytes[at] ^= (byte) (1 << at % 8);
      String found = verdict(bytes, Optional.empty(), List.of());
      assertThat(found).as("byte %d of %s", at, export).isNotEqualTo("sound");
      table.append(at).append('\t').append(found).append('\n');
      bytes[at] ^= (byte) (1 << at % 8);
    }
    Files.write(LEFT.resolve("flips.base"), bytes);
    Files.writeString(LEFT.resolve("flips.tsv"), table);
  }

  /** Whether the byte lies in the middle of a long run of base64: a signature or a public key. */
  private static boolean inBase64(byte[] bytes, int at) {
    for (int i = at - BASE64_RUN; i < at + BASE64_RUN; i++) {
      if (i < 0
          || i >= bytes.length
          || !(Character.isLetterOrDigit(bytes[i]) || bytes[i] == '/' || bytes[i] == '+')) {
        return false;
      }
    }
    return true;
  }

  private void refused(String name, String text, String expected) throws IOException {
    refused(name, text, Optional.empty(), expected);
  }

  private void refused(String name, String text, Optional<Path> witness, String expected)
      throws IOException {
    assertThat(text).as(name).isNotEqualTo(witness.isPresent() ? "" : export);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(verdict(bytes, witness, VerifierKey.parseAll(keys))).as(name).isEqualTo(expected);
    leave(name, bytes, witness, expected);
  }

  private void leave(String name, byte[] bytes, Optional<Path> witness, String verdict)
      throws IOException {
    Files.write(LEFT.resolve(name + ".ndjson"), bytes);
    if (witness.isPresent()) {
      LogFixture.copy(witness.get(), LEFT.resolve(name + ".witness"));
    }
    verdicts.put(name, verdict);
  }

  private ForgedExport forged() {
    return ForgedExport.of(export);
  }

  @Test
  void whateverIsForgedIsRefusedAtItsFirstRow() throws Exception {
    clean();
    leave(
        "untouched",
        export.getBytes(StandardCharsets.UTF_8),
        Optional.of(fixture.witness),
        "sound");
    assertThat(forged().rechained(Optional.of(key))).hasSameSizeAs(export);
    assertThat(
            verdict(
                forged().rechained(Optional.of(key)).getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                VerifierKey.parseAll(keys)))
        .as("the forger's tools work")
        .isEqualTo("sound");
    proofs();
    lines();
    rechained();
    spelling();
    witnesses();
    rotations();
    StringBuilder table = new StringBuilder();
    verdicts.forEach(
        (name, verdict) -> table.append(name).append('\t').append(verdict).append('\n'));
    Files.writeString(LEFT.resolve("verdicts.tsv"), table);
    Files.writeString(LEFT.resolve("keys.pub"), keys);
  }

  private static void clean() throws IOException {
    try (var files = Files.walk(LEFT)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(LEFT) && !file.getFileName().toString().startsWith("flips.")) {
          Files.delete(file);
        }
      }
    }
  }

  /** For the second verifier, and for Go's own. */
  private void proofs() throws IOException {
    for (int seq = 0; seq < 8; seq++) {
      Files.writeString(
          LEFT.resolve("inclusion-" + seq + ".json"),
          AuditProof.inclusion(fixture.dir, fixture.witness, S1, seq));
    }
    for (int older = 1; older <= 3; older++) {
      for (int newer = older; newer <= 3; newer++) {
        Files.writeString(
            LEFT.resolve("consistency-" + older + "-" + newer + ".json"),
            AuditProof.consistency(fixture.dir, fixture.witness, S1, older, newer));
      }
    }
  }

  /** Lines dropped, swapped and doubled, nothing recomputed. */
  private void lines() throws IOException {
    List<String> lines = export.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String place = "%02d".formatted(i);
      List<String> dropped = new ArrayList<>(lines);
      dropped.remove(i);
      List<String> doubled = new ArrayList<>(lines);
      doubled.add(i, lines.get(i));
      List<String> swapped = new ArrayList<>(lines);
      if (i > 0) {
        swapped.set(i, lines.get(i - 1));
        swapped.set(i - 1, lines.get(i));
      }
      observed("dropped-" + place, dropped);
      observed("doubled-" + place, doubled);
      if (i > 0 && !(lines.get(i).contains("\"key\":") && lines.get(i - 1).contains("\"key\":"))) {
        observed("swapped-" + place, swapped);
      }
      if (i > 0) {
        observed("cut-" + place, lines.subList(0, i));
      }
    }
  }

  private void observed(String name, List<String> lines) throws IOException {
    byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    String found = verdict(bytes, Optional.empty(), VerifierKey.parseAll(keys));
    if (name.startsWith("dropped") && !lines.toString().contains("\"key\":")) {
      return;
    }
    boolean harmless = name.startsWith("dropped") && keysDropped(lines);
    assertThat(found).as(name).matches(harmless ? "sound" : "\\S+/\\d+");
    leave(name, bytes, Optional.empty(), found);
  }

  /** The trusted keys are at hand: what the export brings along is not needed. */
  private static boolean keysDropped(List<String> lines) {
    return lines.stream().filter(line -> line.contains("\"kind\":\"key\"")).count() < 2;
  }

  /** Rows edited, added and removed, every hash recomputed. */
  private void rechained() throws Exception {
    Optional<CheckpointKey> nobody = Optional.empty();
    Optional<CheckpointKey> owner = Optional.of(key);
    UnaryOperator<String> edit = text -> text.replace("\"agent\":\"a1\"", "\"agent\":\"a2\"");
    refused("edited", forged().edited(0, 2, edit).rechained(nobody), S1 + "/4");
    refused("removed-rechained", forged().removed(0, 4).rechained(nobody), S1 + "/3");
    LogFixture stranger = new LogFixture(Files.createDirectory(temp.resolve("stranger")));
    stranger.open().close();
    CheckpointKey foreign = CheckpointKey.loadOrCreate(stranger.dir.resolve("keys"), "unused");
    refused("foreign-key", forged().rechained(Optional.of(foreign)), S1 + "/0");
    long before = forged().items(0).getFirst().ts() - 1;
    refused("clock-rollback", forged().late(0, 3, before).rechained(owner), S1 + "/3");
    refused("clock-rollback-stream", forged().late(1, 0, before).rechained(owner), S2 + "/0");
    refused("orphan-intent", forged().removed(0, 3).rechained(owner), S1 + "/2");
    refused("outcome-before-intent", forged().removed(0, 2).rechained(owner), S1 + "/2");
    String again = forged().items(0).get(forged().place(0, 2)).text();
    refused("allowed-twice", forged().inserted(0, 3, again).rechained(owner), S1 + "/3");
    refused("no-opening", forged().removed(1, 0).rechained(owner), S2 + "/0");
    refused("omitted-first-stream", forged().without(0).rechained(owner), S2 + "/0");
    refused(
        "checkpoint-unrecorded",
        forged()
            .edited(0, 1, text -> text.replace("\"number\":1", "\"number\":7"))
            .rechained(nobody),
        S1 + "/1");
  }

  /** Rows that are spelt in another way, by somebody who holds the key. */
  private void spelling() throws IOException {
    spelt("duplicate-key", "{\"event\":\"test\",\"number\":4,\"number\":4,\"type\":\"event\"}");
    spelt("too-large", "{\"event\":\"test\",\"number\":9007199254740992,\"type\":\"event\"}");
    spelt("fraction", "{\"event\":\"test\",\"number\":4.0,\"type\":\"event\"}");
    spelt("exponent", "{\"event\":\"test\",\"number\":4e0,\"type\":\"event\"}");
    spelt("minus-zero", "{\"event\":\"test\",\"number\":-0,\"type\":\"event\"}");
    spelt("leading-zero", "{\"event\":\"test\",\"number\":04,\"type\":\"event\"}");
    spelt("line-separator", "{\"event\":\"a\\u2028b\",\"type\":\"event\"}");
    spelt("slash", "{\"event\":\"a\\/b\",\"type\":\"event\"}");
    spelt("upper-case-escape", "{\"event\":\"\\u001F\",\"type\":\"event\"}");
    spelt("long-escape", "{\"event\":\"\\u000a\",\"type\":\"event\"}");
    spelt("surrogate", "{\"event\":\"\\ud834\",\"type\":\"event\"}");
    spelt("key-order", "{\"type\":\"event\",\"event\":\"test\"}");
    spelt("utf8-key-order", "{\"\uFB33\":1,\"\uD834\uDD1E\":1,\"type\":\"event\"}");
    spelt("space", "{\"event\":\"test\", \"type\":\"event\"}");
    spelt("trailing", "{\"event\":\"test\",\"type\":\"event\"}{}");
    spelt("no-object", "[1]");
    spelt("depth", "{\"a\":" + "[".repeat(129) + "]".repeat(129) + "}");
    ForgedExport good = forged();
    String text =
        "{\"a\":"
            + "[".repeat(128)
            + "]".repeat(128)
            + ",\"b\":-9007199254740991,\"type\":\"event\",\"\uD834\uDD1E\":\"\u2028\\u001f\\n"
            + "\",\"\uFB33\":1}";
    good.edited(0, 4, _ -> text);
    byte[] bytes = good.rechained(Optional.of(key)).getBytes(StandardCharsets.UTF_8);
    assertThat(verdict(bytes, Optional.empty(), VerifierKey.parseAll(keys))).isEqualTo("sound");
    leave("spelt-well", bytes, Optional.empty(), "sound");
  }

  private void spelt(String name, String text) throws IOException {
    refused(
        "spelt-" + name, forged().edited(0, 4, _ -> text).rechained(Optional.of(key)), S1 + "/4");
  }

  /** Keys that changed between two streams, and what somebody does with the old ones. */
  private void rotations() throws Exception {
    LogFixture rotated = new LogFixture(Files.createDirectory(temp.resolve("rotated")));
    rotated.open().close();
    Path keyDir = rotated.dir.resolve("keys");
    LogFixture.copy(keyDir, temp.resolve("old-keys"));
    new KeyFiles(keyDir).prepare();
    try (SegmentAuditLog log = rotated.open()) {
      durable(log, intent("c1"));
      durable(log, outcome("c1"));
    }
    CheckpointKey old = CheckpointKey.loadOrCreate(temp.resolve("old-keys"), "unused");
    CheckpointKey next = CheckpointKey.loadOrCreate(keyDir, "unused");
    LogFixture stranger = new LogFixture(Files.createDirectory(temp.resolve("rotator")));
    stranger.open().close();
    LogFixture.copy(stranger.dir.resolve("keys"), temp.resolve("stolen"));
    new KeyFiles(temp.resolve("stolen")).prepare();
    String theirs =
        CanonicalJson.text(
            ControlRows.keyRotated(new KeyFiles(temp.resolve("stolen")).rotate().orElseThrow()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExport.write(rotated.dir, rotated.witness, out, _ -> {});
    String good = out.toString(StandardCharsets.UTF_8);
    String all = Files.readString(keyDir.resolve("checkpoint.pub"));
    String first = Files.readString(temp.resolve("old-keys/checkpoint.pub"));
    String foreign = Files.readString(stranger.dir.resolve("keys/checkpoint.pub"));
    Function<String, Optional<CheckpointKey>> each =
        stream -> Optional.of(stream.equals(S1) ? old : next);
    UnaryOperator<String> flip =
        row -> row.replaceFirst("(from_signatures\":\\[\"[^\"]{20})[^\"]", "$1/");

    judged("rotated", good, all, "sound");
    judged("rotated-from-the-first-key", good, first, "sound");
    judged("rotated-by-strangers-keys", good, foreign, S1 + "/0");
    judged("rotated-forged", ForgedExport.of(good).rechained(each), all, "sound");
    judged(
        "key-used-after-rotation",
        ForgedExport.of(good).rechained(Optional.of(old)),
        all,
        S2 + "/1");
    judged(
        "key-used-before-rotation",
        ForgedExport.of(good).rechained(Optional.of(next)),
        all,
        S2 + "/1");
    judged("rotation-removed", ForgedExport.of(good).removed(1, 1).rechained(each), all, S2 + "/0");
    judged(
        "rotation-unsigned",
        ForgedExport.of(good).edited(1, 1, flip).rechained(each),
        all,
        S2 + "/1");
    judged(
        "rotation-of-a-stranger",
        ForgedExport.of(good).edited(1, 1, _ -> theirs).rechained(each),
        all + foreign,
        S2 + "/1");
    String row = ForgedExport.of(good).items(1).get(1).text();
    judged(
        "rotation-twice",
        ForgedExport.of(good).inserted(1, 3, row).rechained(each),
        all,
        S2 + "/3");
  }

  private void judged(String name, String text, String trusted, String expected)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(verdict(bytes, Optional.empty(), VerifierKey.parseAll(trusted)))
        .as(name)
        .isEqualTo(expected);
    leave(name, bytes, Optional.empty(), expected);
    Files.writeString(LEFT.resolve(name + ".pub"), trusted);
  }

  /** What only a witness catches: the export by itself is whole, and rightly signed. */
  private void witnesses() throws Exception {
    Optional<Path> witness = Optional.of(fixture.witness);
    UnaryOperator<String> edit = text -> text.replace("\"number\":6", "\"number\":7");
    String fork = forged().edited(0, 6, edit).rechained(Optional.of(key));
    refused("fork-behind-a-tip", fork, witness, S1 + "/7");
    ForgedExport short1 = forged();
    short1.items(1).removeLast();
    short1.items(1).removeLast();
    refused("rows-cut-off", short1.rechained(Optional.of(key)), witness, S2 + "/4");
    refused(
        "omitted-last-stream", forged().without(1).rechained(Optional.of(key)), witness, S2 + "/0");
    refused(
        "tip-missing", export, changed("missing", dir -> Files.delete(dir.note(S1, 2))), S1 + "/0");
    refused(
        "tip-replayed",
        export,
        changed(
            "replayed",
            dir -> {
              Files.delete(dir.note(S1, 2));
              Files.copy(dir.note(S1, 1), dir.note(S1, 2));
            }),
        S1 + "/0");
    Checkpoint last = new WitnessDirectory(fixture.witness).read(S2, 2, key.verifierKeys());
    refused(
        "tip-of-the-future",
        export,
        changed("future", dir -> dir.keep(tip(last, last.rows() + 1, last.root()), key)),
        S2 + "/" + last.rows());
    refused(
        "two-tips-of-one-size",
        export,
        changed("two", dir -> dir.keep(tip(last, last.rows(), "00".repeat(32)), key)),
        S2 + "/" + (last.rows() - 1));
  }

  private static Checkpoint tip(Checkpoint last, long rows, String root) {
    return new Checkpoint(last.stream(), last.number() + 1, rows, root, last.link(), Instant.EPOCH);
  }

  private interface Change {
    void to(WitnessDirectory witness) throws IOException;
  }

  private Optional<Path> changed(String name, Change change) throws IOException {
    Path copy = temp.resolve("witness-" + name);
    LogFixture.copy(fixture.witness, copy);
    change.to(new WitnessDirectory(copy));
    return Optional.of(copy);
  }
}
