package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.personal.PersonalFields;
import dev.gatehouse.audit.retain.SealOrder;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that end while the log is open, and go when their time is over. */
class RollTest {

  private static final String S1 = "gate1-1-standard";
  private static final String S2 = "gate1-2-standard";
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path temp;
  LogFixture fixture;

  @BeforeEach
  void rowsThatAreKeptTenDays() {
    fixture = new LogFixture(temp);
    fixture.retention =
        new RetentionPlan("standard", Map.of("standard", Optional.of(Period.ofDays(10))));
  }

  private static List<String> tended(SegmentAuditLog log) throws IOException {
    return log.tend().stream().map(gone -> gone.stream().toString()).toList();
  }

  /** Lets the stream become old. */
  private void roll(SegmentAuditLog log) throws IOException {
    fixture.clock.advance(Duration.ofDays(1));
    log.tend();
  }

  @Test
  void rowsGoByThemselvesWhenTheirTimeIsOverWithoutARestart() throws Exception {
    String firstKeys;
    try (SegmentAuditLog log = fixture.open()) {
      firstKeys = Files.readString(fixture.dir.resolve("keys/checkpoint.pub"));
      durable(log, event(1));
      assertThat(tended(log)).isEmpty();
      assertThat(log.streams()).as("it is not old yet").containsExactly(S1);
      roll(log);
      assertThat(log.streams()).containsExactly(S2);
      assertThat(log.state().stream()).isEqualTo(S2);
      assertThat(durable(log, event(2)).stream()).isEqualTo(S2);
      log.rotateKey("ann");
      assertThat(AuditVerifier.verify(fixture.dir, fixture.witness, firstKeys))
          .isInstanceOf(Sound.class);

      fixture.clock.advance(Duration.ofDays(9));
      assertThat(tended(log)).as("the last row is nine days old").isEmpty();
      assertThat(log.streams()).containsExactly("gate1-3-standard");
      fixture.clock.advance(Duration.ofDays(2));
      assertThat(tended(log)).containsExactly(S1);
      assertThat(log.tendFailure()).isEmpty();
      assertThat(AuditVerifier.verify(fixture.dir, fixture.witness, firstKeys))
          .isInstanceOf(Sound.class);
    }
    assertThat(fixture.rows().getFirst().receipt().stream()).isEqualTo(S2);
    assertThat(AuditVerifier.verify(fixture.dir, fixture.witness, firstKeys))
        .isInstanceOf(Sound.class);
    assertThat(fixture.sound().counts().openCalls()).isZero();
  }

  @Test
  void aHoldAndADayThatSomebodyNamedStand() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      roll(log);
      roll(log);
      log.retention().seal(order(S1, Optional.empty(), Optional.of("case 7")));
      log.retention().seal(order(S2, Optional.of(LocalDate.parse("2090-01-31")), Optional.empty()));
      fixture.clock.advance(Duration.ofDays(60));
      assertThat(tended(log)).isEmpty();
      log.retention()
          .seal(new SealOrder(Optional.of(S1), Optional.empty(), Optional.empty(), true, "ann"));
      assertThat(tended(log)).containsExactly(S1);
    }
    fixture.sound();
  }

  private static SealOrder order(String stream, Optional<LocalDate> until, Optional<String> hold) {
    return new SealOrder(Optional.of(stream), until, hold, false, "ann");
  }

  @Test
  void aClassOfWhichNothingIsSaidStaysAsItIs() throws Exception {
    fixture.retention =
        new RetentionPlan("standard", Map.of("brief", Optional.of(Period.ofDays(10))));
    try (SegmentAuditLog log = fixture.open()) {
      fixture.clock.advance(Duration.ofDays(400));
      assertThat(tended(log)).isEmpty();
      assertThat(log.streams()).containsExactly(S1, "gate1-2-brief");
    }
    fixture.sound();
  }

  @Test
  void callsThatAreOpenGoOnInTheNextStreamAndTheOneBehind() throws Exception {
    fixture.personal = new PersonalFields(Set.of("owner"), "agent");
    try (SegmentAuditLog log = fixture.open()) {
      Map<String, Object> owned = new HashMap<>(intent("c1").fields());
      owned.put("owner", "ann@example.com");
      durable(log, new AuditRow(owned));
      durable(log, intent("c2"));
      roll(log);
      durable(log, outcome("c1"));
      durable(log, new AuditRow(named(intent("c3"), "owner", "bob@example.com")));
      roll(log);
      assertThat(log.state().openCalls()).isEqualTo(2);
      assertThat(durable(log, outcome("c2")).stream()).isEqualTo("gate1-3-standard");
      durable(log, outcome("c3"));
      fixture.sound();
      fixture.clock.advance(Duration.ofDays(13));
      assertThat(tended(log)).containsExactly(S1, S2);
      fixture.sound();
    }
    fixture.sound();
  }

  private static Map<String, Object> named(AuditRow row, String name, String value) {
    Map<String, Object> fields = new HashMap<>(row.fields());
    fields.put(name, value);
    return fields;
  }

  @Test
  void aCallThatWasCarriedOnIsSettledAfterACrash() throws Exception {
    LogFixture killed = new LogFixture(Files.createDirectory(temp.resolve("killed")));
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c1"));
      durable(log, intent("c2"));
      roll(log);
      durable(log, outcome("c2"));
      LogFixture.copy(fixture.dir, killed.dir);
      LogFixture.copy(fixture.witness, killed.witness);
    }
    killed.open().close();
    killed.sound();
    assertThat(unknown(killed)).containsExactly("c1");
  }

  @Test
  void aRollThatIsInterruptedBehindTheSealIsFinishedByTheNextStart() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c1"));
      roll(log);
      log.checkpoint();
    }
    // As if the process had ended before the next stream had its name.
    LogFixture killed = new LogFixture(Files.createDirectory(temp.resolve("killed")));
    Path streams = Files.createDirectories(killed.dir.resolve("streams"));
    LogFixture.copy(fixture.stream(1), streams.resolve(S1));
    LogFixture.copy(fixture.dir.resolve("keys"), killed.dir.resolve("keys"));
    LogFixture.copy(fixture.witness, killed.witness);
    remove(killed.witness.resolve(S2));
    Files.delete(killed.witness.resolve(S1).resolve("00000003.note"));
    for (int number = 3; number <= 6; number++) {
      Files.delete(killed.witness.resolve("fleet/gate1-standard/0000000" + number + ".note"));
    }
    killed.open().close();
    killed.sound();
    assertThat(unknown(killed)).containsExactly("c1");
  }

  private static void remove(Path folder) throws IOException {
    for (Path each : files(folder)) {
      Files.delete(each);
    }
    Files.delete(folder);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static List<Object> unknown(LogFixture of) throws IOException {
    return of.rows().stream()
        .map(StoredRow::fields)
        .filter(row -> "unknown".equals(row.get("outcome")))
        .map(row -> row.get("call_id"))
        .toList();
  }

  @Test
  void whenThereIsNoRoomTheStreamGoesOn() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    try (SegmentAuditLog log = LogOpener.open(fixture.config(), disk)) {
      durable(log, intent("c1"));
      disk.failCreates = true;
      fixture.clock.advance(Duration.ofDays(1));
      assertThatIOException().isThrownBy(log::tend).withMessageContaining("no room");
      assertThat(durable(log, outcome("c1")).stream()).isEqualTo(S1);
      disk.failCreates = false;
      log.tend();
      assertThat(durable(log, event(1)).stream()).isEqualTo(S2);
    }
    fixture.sound();
  }

  @Test
  void rowsKeepComingWhileStreamsRoll() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger calls = new AtomicInteger();
    List<CompletableFuture<List<AuditReceipt>>> callers = new ArrayList<>();
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < 4; i++) {
        callers.add(
            CompletableFuture.supplyAsync(
                () -> {
                  List<AuditReceipt> receipts = new ArrayList<>();
                  while (!stop.get()) {
                    String call = "c" + calls.incrementAndGet();
                    receipts.add(durable(log, intent(call)));
                    receipts.add(durable(log, outcome(call)));
                  }
                  return receipts;
                },
                task -> Thread.ofPlatform().daemon().start(task)));
      }
      for (int i = 0; i < 5; i++) {
        int seen = calls.get();
        await().atMost(SOON).until(() -> calls.get() > seen + 20);
        roll(log);
      }
      stop.set(true);
      List<AuditReceipt> receipts = new ArrayList<>();
      callers.forEach(each -> receipts.addAll(each.join()));
      assertThat(receipts).doesNotHaveDuplicates().hasSize(2 * calls.get());
    }
    assertThat(fixture.sound().counts().streams()).isEqualTo(6);
    assertThat(fixture.rows().stream().filter(row -> row.json().contains("\"outcome\"")).count())
        .isEqualTo(calls.get());
  }

  @Test
  void aDiskThatFailsBehindTheSealPoisonsTheClassAndTheNextStartGoesOn() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    SegmentAuditLog log = LogOpener.open(fixture.config(), disk);
    durable(log, intent("c1"));
    disk.failOnly = ".opening-";
    disk.failForces = true;
    fixture.clock.advance(Duration.ofDays(1));
    assertThatThrownBy(log::tend).isInstanceOf(AuditUnavailableException.class);
    assertThat(log.state().open()).isFalse();
    log.close();
    fixture.open().close();
    fixture.sound();
    assertThat(unknown(fixture)).containsExactly("c1");
  }

  @Test
  void aStreamGetsATenthAsOldAsItsRowsAreKept() {
    assertThat(Custodian.rollAfter(Period.ofDays(5))).isEqualTo(Duration.ofDays(1));
    assertThat(Custodian.rollAfter(Period.ofDays(90))).isEqualTo(Duration.ofDays(9));
    assertThat(Custodian.rollAfter(Period.ofYears(7))).isEqualTo(Duration.ofDays(30));
  }
}
