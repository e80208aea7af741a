package dev.gatehouse.audit.retain;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.export.AuditExport;
import dev.gatehouse.audit.index.AuditIndex;
import dev.gatehouse.audit.index.RowQuery;
import dev.gatehouse.audit.personal.PersonalFields;
import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.proof.AuditProof;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditReport.Broken;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.core.audit.AuditRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Streams that are sealed and expire. Leaves what is held against them below {@code
 * target/mutations-expired}, where the second verifier must find the same: {@code build/mutations}.
 */
class RetentionTest {

  private static final Path LEFT = Path.of("target", "mutations-expired");
  private static final String S1 = "gate1-1-standard";
  private static final String S2 = "gate1-2-standard";
  private static final LocalDate DAY = LocalDate.parse("2026-06-01");

  @TempDir Path temp;
  LogFixture fixture;
  String firstKeys = "";
  String whole = "";
  final TreeMap<String, String> verdicts = new TreeMap<>();

  @BeforeEach
  void aDirectory() {
    fixture = new LogFixture(temp);
  }

  /** S1 closed in order, under keys that changed; S2 killed with an open call. */
  private void twoEndedStreams() throws IOException {
    fixture.personal = new PersonalFields(Set.of("owner"), "agent");
    try (SegmentAuditLog log = fixture.open()) {
      firstKeys = Files.readString(fixture.dir.resolve("keys/checkpoint.pub"));
      durable(log, intent("c1"));
      Map<String, Object> owned = new HashMap<>(event(1).fields());
      owned.put("owner", "ann@example.com");
      owned.put("agent", "a1");
      durable(log, new AuditRow(owned));
      log.rotateKey("ann");
      durable(log, outcome("c1"));
    }
    LogFixture killed = new LogFixture(Files.createDirectory(temp.resolve("killed")));
    killed.personal = fixture.personal;
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c2"));
      log.checkpoint();
      LogFixture.copy(fixture.dir, killed.dir);
      LogFixture.copy(fixture.witness, killed.witness);
    }
    fixture = killed;
  }

  private static SealOrder until(LocalDate day) {
    return new SealOrder(Optional.empty(), Optional.of(day), Optional.empty(), false, "ann");
  }

  private static SealOrder hold(String why) {
    return new SealOrder(Optional.of(S2), Optional.empty(), Optional.of(why), false, "ann");
  }

  private static SealOrder release() {
    return new SealOrder(Optional.of(S2), Optional.empty(), Optional.empty(), true, "ann");
  }

  private String exported() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExport.write(fixture.dir, fixture.witness, out, _ -> {});
    return out.toString(StandardCharsets.UTF_8);
  }

  private void soundByTheFirstKeys() throws IOException {
    assertThat(AuditVerifier.verify(fixture.dir, fixture.witness, firstKeys))
        .isInstanceOf(Sound.class);
    assertThat(AuditVerifier.verify(fixture.dir)).isInstanceOf(Sound.class);
  }

  private static List<String> names(SegmentAuditLog log) throws IOException {
    return log.retention().expire("ann").stream().map(gone -> gone.stream().toString()).toList();
  }

  @Test
  void rowsGoWhenTheirDayHasComeAndWhatStaysHolds() throws Exception {
    twoEndedStreams();
    try (SegmentAuditLog log = fixture.open()) {
      assertThat(log.retention().seal(until(DAY)))
          .extracting(SealedStream::stream)
          .containsExactly(S1, S2);
      assertThat(names(log)).as("the day has not come").isEmpty();
      fixture.clock.advance(Duration.ofDays(200));
      log.retention().seal(hold("case 7"));
      log.checkpoint();
      whole = exported();
      assertThat(names(log)).as("the second is held").containsExactly(S1);
      soundByTheFirstKeys();
      log.retention().seal(release());
      assertThat(names(log)).containsExactly(S2);
      assertThat(names(log)).isEmpty();
      soundByTheFirstKeys();
    }
    assertThat(fixture.sound().notes()).anyMatch(note -> note.startsWith(S1 + " expired"));
    assertThat(files(fixture.stream(1))).containsExactly("expired.json");
    assertThat(Reveal.vaults(fixture.dir).resolve(S1)).doesNotExist();
    assertThat(fixture.rows().getFirst().receipt().stream()).isEqualTo("gate1-3-standard");
    try (AuditReader reader =
        AuditReader.open(fixture.dir, "gate1-standard", new AuditReader.Start.At(S1, 3))) {
      assertThat(reader.poll().orElseThrow().receipt().stream()).isEqualTo("gate1-3-standard");
    }
    assertThatIOException()
        .isThrownBy(() -> AuditProof.inclusion(fixture.dir, fixture.witness, S1, 0))
        .withMessageContaining("expired");
    try (AuditIndex index = AuditIndex.open(fixture.dir)) {
      assertThat(index.catchUp(_ -> {})).isPositive();
      assertThat(index.find(RowQuery.last(10)).places()).hasSize(10);
    }

    // The stream that says so expires as well, and hands on what it said.
    try (SegmentAuditLog log = fixture.open()) {
      log.retention().seal(until(DAY));
      assertThat(names(log)).containsExactly("gate1-3-standard");
      durable(log, event(1));
    }
    fixture.open().close();
    soundByTheFirstKeys();
    leave();
  }

  private static List<String> files(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** By somebody who can write where exports lie, but holds no key. */
  private void leave() throws IOException {
    Files.createDirectories(LEFT);
    String good = exported();
    assertThat(good).contains("\"kind\":\"expired\"");
    judged("expired", good, "sound");
    String line = line(good, S1);
    judged(
        "expired-longer-ago",
        good.replace(line, line.replace("\"by\":\"ann\"", "\"by\":\"eve\"")),
        S1 + "/0");
    judged(
        "expired-with-fewer-rows",
        good.replace(line, line.replaceFirst("\"rows\":\\d+", "\"rows\":1")),
        S1 + "/0");
    judged(
        "expired-with-another-member",
        good.replace(line, line.replace("\"by\"", "\"bx\":1,\"by\"")),
        S1 + "/0");
    judged(
        "expired-without-what-was-carried",
        good.replaceFirst("\"carried\":\\[\"", "\"carried\":[\"0"),
        "gate1-3-standard/0");
    judged("expired-twice", good.replace(line, line + "\n" + line), "export/0");
    // Rows that are there are left out, and said to have expired.
    judged("whole", whole, "sound");
    int rows = whole.indexOf("\n", whole.indexOf("\"name\":\"" + S1)) + 1;
    int next = whole.indexOf("{\"kind\":\"stream\",\"name\":\"" + S2);
    String forged = whole.substring(0, rows) + line + "\n" + whole.substring(next);
    judged("said-to-have-expired", forged, S1 + "/0");
    StringBuilder table = new StringBuilder();
    verdicts.forEach(
        (each, verdict) -> table.append(each).append('\t').append(verdict).append('\n'));
    againstASeal(table);
    Files.writeString(LEFT.resolve("verdicts.tsv"), table);
    Files.writeString(LEFT.resolve("keys.pub"), firstKeys);
  }

  /** By the gateway itself, or who has its keys. */
  private void againstASeal(StringBuilder table) throws IOException {
    LogFixture held = new LogFixture(Files.createDirectory(temp.resolve("held")));
    held.open().close();
    try (SegmentAuditLog log = held.open()) {
      Tip tip = new Tip(3, "a".repeat(64), 5);
      durable(log, new AuditRow(ControlRows.streamSealed(S1, tip, "2026-01-01", "case 7", "ann")));
      durable(
          log,
          new AuditRow(ControlRows.expired(S1, tip, true, List.of(), List.of(), List.of(), "ann")));
    }
    Broken broken = (Broken) held.verify();
    assertThat(broken.row().what()).contains("against its seal");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExport.write(held.dir, held.witness, out, _ -> {});
    Files.writeString(
        LEFT.resolve("against-its-seal.ndjson"), out.toString(StandardCharsets.UTF_8));
    Files.copy(
        held.dir.resolve("keys/checkpoint.pub"),
        LEFT.resolve("against-its-seal.pub"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    table
        .append("against-its-seal\t")
        .append(S2)
        .append('/')
        .append(broken.row().seq())
        .append('\n');
  }

  private static String line(String export, String stream) {
    return export
        .lines()
        .filter(
            each ->
                each.startsWith("{\"kind\":\"expired\"")
                    && each.contains("\"stream\":\"" + stream + "\""))
        .findFirst()
        .orElseThrow();
  }

  private void judged(String name, String text, String expected) throws IOException {
    Path file = LEFT.resolve(name + ".ndjson");
    Files.writeString(file, text);
    AuditReport report =
        AuditExport.verify(file, Optional.empty(), Optional.of(firstKeys), _ -> {});
    String found =
        switch (report) {
          case Sound _ -> "sound";
          case Broken broken -> broken.row().stream() + "/" + broken.row().seq();
        };
    assertThat(found).as("%s: %s", name, report).isEqualTo(expected);
    verdicts.put(name, expected);
  }

  @Test
  void rowsThatAreRemovedByHandAreMissed() throws Exception {
    twoEndedStreams();
    try (SegmentAuditLog log = fixture.open()) {
      log.retention().seal(until(LocalDate.parse("2026-01-01")));
      log.retention().expire("ann");
    }
    fixture.sound();
    Path end = fixture.stream(2).resolve("expired.json");
    String said = Files.readString(end);
    Files.writeString(end, said.replaceFirst("\"rows\":\\d+", "\"rows\":2"));
    assertThat(fixture.broken().stream()).isEqualTo(S2);
    Files.writeString(end, said.replace("\"by\":\"ann\"", "\"by\":\"eve\""));
    assertThat(fixture.broken().what()).contains("no row says");
    Files.delete(end);
    assertThat(fixture.broken().what()).contains("gone");
  }

  @Test
  void anExpiryThatWasInterruptedIsFinishedWhenItIsOrderedAgain() throws Exception {
    twoEndedStreams();
    Path kept = temp.resolve("kept");
    LogFixture.copy(fixture.stream(1), kept);
    try (SegmentAuditLog log = fixture.open()) {
      log.retention().seal(until(LocalDate.parse("2026-01-01")));
      log.retention().expire("ann");
      Files.copy(kept.resolve("0000.seg"), fixture.segment(1, 0)); // was not removed
      fixture.sound();
      log.retention().expire("ann");
      assertThat(files(fixture.stream(1))).containsExactly("expired.json");
    }
    fixture.sound();
  }

  @Test
  void whatHasNotEndedOrIsUnknownIsNotSealed() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      assertThatIllegalArgumentException().isThrownBy(() -> log.retention().seal(until(DAY)));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> log.retention().seal(hold("why")))
          .withMessageContaining(S2);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new SealOrder(Optional.empty(), Optional.empty(), Optional.empty(), false, "ann"));
  }
}
