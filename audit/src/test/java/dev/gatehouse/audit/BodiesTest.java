package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.answered;
import static dev.gatehouse.audit.LogFixture.called;
import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.body.BodyReader;
import dev.gatehouse.audit.body.BodyRules;
import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.disk.LocalDisk;
import dev.gatehouse.audit.personal.PersonalFields;
import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.personal.SubjectKeys;
import dev.gatehouse.audit.personal.Vault;
import dev.gatehouse.audit.personal.VaultReader.Kept;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.write.LogStatus;
import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.audit.AuditBody.Kind;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.json.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What calls said, kept beside the rows that have its digest. */
class BodiesTest extends BodiesScene {

  private Object said(AuditReceipt receipt) throws IOException {
    for (StoredRow row : fixture.rows()) {
      if (row.receipt().equals(receipt)) {
        return row.fields().getOrDefault("body", "");
      }
    }
    throw new AssertionError("no row " + receipt);
  }

  private String everything() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(fixture.dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      }
    }
    return all.toString();
  }

  /** Puts these texts beside rows in the place of the bodies that were there. */
  private void forge(String stream, Map<Long, String> bodies) throws IOException {
    Path dir = BodyReader.directory(fixture.dir).resolve(stream);
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    SubjectKeys keys = new SubjectKeys(Reveal.subjects(fixture.dir));
    try (Vault vault = new Vault(new LocalDisk(), dir, BodyReader.place(stream), keys)) {
      List<Vault.Row> rows =
          bodies.entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(each -> new Vault.Row(each.getKey(), "a1", BodyReader.bytes(each.getValue())))
              .toList();
      vault.makeRoom(0, 1 << 16);
      vault.keep(rows, 1 << 16);
    }
  }

  @Test
  void argumentsLieSealedBesideTheirRowAndAreFound() throws Exception {
    AuditReceipt row;
    try (SegmentAuditLog log = fixture.open()) {
      row = durable(log, called("c1", "a1", CLOSE));
      durable(log, outcome("c1"));
    }
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, called("c2", "a1", OPEN));
    }

    assertThat(kept(row)).isEqualTo(new Kept.Known(CLOSE));
    assertThat(said(row)).isEqualTo("kept");
    assertThat(everything()).doesNotContain("für Ann");
    assertThat(fixture.sound().notes())
        .anyMatch(note -> note.contains("2 have it here, 0 had it erased, 0 had it let go"));
  }

  @Test
  void nothingIsKeptAndNothingSaidWhenItIsOff() throws Exception {
    fixture.bodies = BodyRules.NONE;
    AuditReceipt row;
    try (SegmentAuditLog log = fixture.open()) {
      row = durable(log, called("c1", "a1", CLOSE));
    }

    assertThat(said(row)).isEqualTo("");
    assertThat(fixture.dir.resolve("bodies")).doesNotExist();
    assertThat(fixture.dir.resolve("subjects")).doesNotExist();
    fixture.sound();
  }

  @Test
  void longestBodyIsKeptAndALongerOneSaidToBeTooLong() throws Exception {
    String longest = "{\"a\":\"" + "x".repeat(2_048 - 8) + "\"}";
    AuditReceipt fits;
    AuditReceipt tooLong;
    try (SegmentAuditLog log = fixture.open()) {
      fits = durable(log, called("c1", "a1", longest));
      tooLong = durable(log, called("c2", "a1", longest + " "));
    }

    assertThat(said(fits)).isEqualTo("kept");
    assertThat(kept(fits)).isEqualTo(new Kept.Known(longest));
    assertThat(said(tooLong)).isEqualTo("too_long");
    assertThat(kept(tooLong)).isInstanceOf(Kept.Absent.class);
    fixture.sound();
  }

  @Test
  void whatIsNotOfTheDigestIsNoBody() throws Exception {
    Map<String, Object> fields = new HashMap<>(called("c1", "a1", CLOSE).fields());
    Digest digest = Digest.of(BodyReader.bytes(CLOSE));
    AuditReceipt row;
    try (SegmentAuditLog log = fixture.open()) {
      AuditBody other = new AuditBody(Kind.ARGUMENTS, digest, () -> BodyReader.bytes("{}"));
      row = durable(log, new AuditRow(fields, Optional.of(other)));
    }

    assertThat(said(row)).isEqualTo("not_at_hand");
    fixture.sound();
  }

  @Test
  void whatIsNoTextIsNotKept() throws Exception {
    AuditReceipt notUtf8;
    AuditReceipt likeAReference;
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, called("c1", "a1", CLOSE));
      notUtf8 = durable(log, answered("c1", "a1", new byte[] {'{', (byte) 0xC3, '}'}));
      durable(log, called("c2", "a1", CLOSE));
      likeAReference = durable(log, answered("c2", "a1", BodyReader.bytes("@2")));
    }

    assertThat(said(notUtf8)).isEqualTo("not_text");
    assertThat(said(likeAReference)).isEqualTo("not_text");
    assertThat(kept(likeAReference)).isInstanceOf(Kept.Absent.class);
    fixture.sound();
  }

  @Test
  void resultsLieBesideTheOutcomesAndAreHeldAgainstThem() throws Exception {
    String answer = "event: ping\ndata: {\"fü\":1}\n\n";
    AuditReceipt asked;
    AuditReceipt result;
    try (SegmentAuditLog log = fixture.open()) {
      asked = durable(log, called("c1", "a1", CLOSE));
      result = durable(log, answered("c1", "a1", BodyReader.bytes(answer)));
    }
    assertThat(said(result)).isEqualTo("kept");
    assertThat(kept(result)).isEqualTo(new Kept.Known(answer));
    assertThat(kept(asked)).isEqualTo(new Kept.Known(CLOSE));
    fixture.sound();

    forge(asked.stream(), Map.of(asked.seq(), CLOSE, result.seq(), CLOSE));
    assertThat(fixture.broken().seq()).isEqualTo(result.seq());
    forge(asked.stream(), Map.of(asked.seq(), CLOSE));
    assertThat(fixture.broken().seq()).isEqualTo(result.seq());
  }

  @Test
  void onlyThoseKindsAreKeptThatAreAskedFor() throws Exception {
    fixture.bodies = new BodyRules(Set.of(Kind.RESULT), 2_048, 16L << 20, KEEP);
    AuditReceipt asked;
    AuditReceipt result;
    try (SegmentAuditLog log = fixture.open()) {
      asked = durable(log, called("c1", "a1", CLOSE));
      result = durable(log, answered("c1", "a1", BodyReader.bytes(OPEN)));
    }

    assertThat(said(asked)).isEqualTo("");
    assertThat(kept(asked)).isInstanceOf(Kept.Absent.class);
    assertThat(kept(result)).isEqualTo(new Kept.Known(OPEN));
    fixture.sound();
  }

  @Test
  void sameBodyOfASubjectIsKeptOnceInAFile() throws Exception {
    String body = "{\"a\":\"" + "x".repeat(2_000) + "\"}";
    AuditReceipt last = new AuditReceipt("", 0, "");
    AuditReceipt others;
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < 50; i++) {
        last = durable(log, called("c" + i, "a1", body));
      }
      others = durable(log, called("o", "a2", body));
    }

    assertThat(kept(last)).isEqualTo(new Kept.Known(body));
    assertThat(kept(others)).isEqualTo(new Kept.Known(body));
    byte[] bytes = Files.readAllBytes(files(1).getFirst());
    int used = bytes.length;
    while (bytes[used - 1] == 0) {
      used--;
    }
    assertThat(used).isLessThan(2 * 2_100 + 50 * 80);
    fixture.sound();
  }

  @Test
  void bodiesOfAnErasedSubjectAreGoneForGoodAndTheRecordSaysSo() throws Exception {
    AuditReceipt first;
    AuditReceipt others;
    AuditReceipt later;
    try (SegmentAuditLog log = fixture.open()) {
      first = durable(log, called("c1", "a1", CLOSE));
      others = durable(log, called("c2", "a2", CLOSE));
      log.erase("a1", "ann", "asked for").toCompletableFuture().get(20, TimeUnit.SECONDS);
      later = durable(log, called("c3", "a1", CLOSE));
    }

    assertThat(kept(first)).isInstanceOf(Kept.Erased.class);
    assertThat(kept(others)).isEqualTo(new Kept.Known(CLOSE));
    assertThat(kept(later)).isEqualTo(new Kept.Known(CLOSE));
    assertThat(fixture.sound().notes()).anyMatch(note -> note.contains("1 had it erased"));
  }

  @Test
  void keyThatIsGoneWithoutAWordIsRefused() throws Exception {
    AuditReceipt row;
    try (SegmentAuditLog log = fixture.open()) {
      row = durable(log, called("c1", "a1", CLOSE));
      durable(log, called("c2", "a2", CLOSE));
    }
    assertThat(new SubjectKeys(Reveal.subjects(fixture.dir)).destroy("a1")).isOne();

    BadRow broken = fixture.broken();
    assertThat(broken.seq()).isEqualTo(row.seq());
    assertThat(broken.what()).contains("no row says that it was erased");
  }

  @Test
  void changedSwappedAndMissingBodiesAreRefusedAtTheirRow() throws Exception {
    AuditReceipt one;
    AuditReceipt two;
    try (SegmentAuditLog log = fixture.open()) {
      one = durable(log, called("c1", "a1", CLOSE));
      two = durable(log, called("c2", "a1", OPEN));
    }
    String stream = one.stream();
    forge(stream, Map.of(one.seq(), CLOSE, two.seq(), OPEN));
    fixture.sound();

    forge(stream, Map.of(one.seq(), CLOSE, two.seq(), "{\"id\":9}"));
    assertThat(fixture.broken().seq()).isEqualTo(two.seq());
    assertThat(fixture.broken().what()).contains("its body is not what its digest is of");
    forge(stream, Map.of(one.seq(), OPEN, two.seq(), CLOSE));
    assertThat(fixture.broken().seq()).isEqualTo(one.seq());
    forge(stream, Map.of(one.seq(), "@" + two.seq(), two.seq(), OPEN));
    assertThat(fixture.broken().seq()).isEqualTo(one.seq());
    forge(stream, Map.of(one.seq(), "@" + one.seq(), two.seq(), OPEN));
    assertThat(fixture.broken().seq()).isEqualTo(one.seq());
    forge(stream, Map.of(one.seq(), CLOSE));
    assertThat(fixture.broken().seq()).isEqualTo(two.seq());
    assertThat(fixture.broken().what()).contains("no row says that it was let go");
    forge(stream, Map.of(two.seq(), OPEN));
    assertThat(fixture.broken().seq()).isEqualTo(one.seq());
  }

  @Test
  void bodiesThatFindNoRoomRefuseRowsUntilThereIsSome() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    try (SegmentAuditLog log = LogOpener.open(fixture.config(), disk)) {
      assertThat(log.awaitIdle(SOON)).isTrue();
      disk.failCreates = true;
      assertThat(log.append(called("c1", "a1", CLOSE)).toCompletableFuture()).failsWithin(SOON);
      assertThat(log.state().status()).isEqualTo(LogStatus.FULL);
      disk.failCreates = false;
      await().atMost(SOON).until(() -> log.state().open());
      assertThat(kept(durable(log, called("c1", "a1", CLOSE)))).isEqualTo(new Kept.Known(CLOSE));
      assertThat(log.state().openCalls()).isOne();
    }
    fixture.sound();
  }

  @Test
  void bodyThatCannotBeKeptPoisonsTheLog() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    SegmentAuditLog log = LogOpener.open(fixture.config(), disk);
    AuditReceipt row = durable(log, called("c1", "a1", CLOSE));
    disk.failWrites = true;
    assertThat(log.append(called("c2", "a1", OPEN)).toCompletableFuture()).failsWithin(SOON);
    assertThat(log.state().status()).isEqualTo(LogStatus.POISONED);
    log.close();
    fixture.open().close();

    assertThat(kept(row)).isEqualTo(new Kept.Known(CLOSE));
    fixture.sound();
  }

  @Test
  void copyOfTheRecordWithoutAnyBodiesSaysSo() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, called("c1", "a1", CLOSE));
    }
    try (Stream<Path> all = Files.walk(fixture.dir.resolve("bodies"))) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }

    assertThat(fixture.sound().notes())
        .contains("1 rows say that their bodies are kept; there are none here, or not their keys");
  }

  @Test
  void limitsOfTheConfigAreHeld() {
    for (String digest : Set.of("request_digest", "result_digest")) {
      fixture.personal = new PersonalFields(Set.of(digest), "agent");
      assertThatIllegalArgumentException()
          .isThrownBy(fixture::config)
          .withMessageContaining("'" + digest + "' must stay in clear where bodies are kept");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BodyRules(EnumSet.allOf(Kind.class), 1_023, 1L << 30, KEEP));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BodyRules(EnumSet.allOf(Kind.class), (1 << 20) + 1, 1L << 30, KEEP));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BodyRules(EnumSet.allOf(Kind.class), 1_024, (16L << 20) - 1, KEEP));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new BodyRules(EnumSet.allOf(Kind.class), 1_024, 16L << 20, Duration.ofMinutes(59)));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new BodyRules(EnumSet.allOf(Kind.class), 1_024, 16L << 20, Duration.ofDays(3_654)));
  }
}
