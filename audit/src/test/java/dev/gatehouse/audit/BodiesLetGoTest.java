package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.called;
import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.personal.VaultReader.Kept;
import dev.gatehouse.audit.retain.SealOrder;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.core.audit.AuditReceipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bodies whose time has come, or that take too much room, are let go, and the record says so. */
class BodiesLetGoTest extends BodiesScene {

  @Test
  void bodiesThatWereKeptLongEnoughAreLetGoOnRecord() throws Exception {
    AuditReceipt old;
    AuditReceipt young;
    try (SegmentAuditLog log = fixture.open()) {
      old = durable(log, called("c1", "a1", CLOSE));
      fixture.clock.advance(KEEP.dividedBy(10).plusSeconds(1)); // another file is begun
      young = durable(log, called("c2", "a1", OPEN));
      assertThat(files(1)).hasSize(2);
      age(files(1).getFirst(), KEEP.minusDays(2));
      assertThat(log.letGoOfBodies()).isZero();
      age(files(1).getFirst(), KEEP.plusSeconds(1));
      assertThat(log.letGoOfBodies()).isOne();
    }

    assertThat(files(1)).hasSize(1);
    assertThat(kept(old)).isInstanceOf(Kept.Absent.class);
    assertThat(kept(young)).isEqualTo(new Kept.Known(OPEN));
    assertThat(fixture.rows())
        .map(StoredRow::fields)
        .anySatisfy(
            row ->
                assertThat(row)
                    .containsEntry("event", "audit.bodies_let_go")
                    .containsEntry("stream", "gate1-1-standard")
                    .containsEntry("below", (int) young.seq()));
    assertThat(fixture.sound().notes()).anyMatch(note -> note.contains("1 had it let go"));

    Files.delete(files(1).getFirst()); // which no row says
    assertThat(fixture.broken().seq()).isEqualTo(young.seq());
  }

  /** A stream that became old ended, and another goes on while the process runs. */
  @Test
  void bodiesGoOnBesideTheNextStream() throws Exception {
    fixture.retention =
        new RetentionPlan("standard", Map.of("standard", Optional.of(Period.ofDays(10))));
    AuditReceipt before;
    AuditReceipt after;
    AuditReceipt last;
    try (SegmentAuditLog log = fixture.open()) {
      before = durable(log, called("c1", "a1", CLOSE));
      fixture.clock.advance(Duration.ofDays(1));
      log.tend();
      after = durable(log, called("c2", "a1", OPEN));
      assertThat(after.stream()).isEqualTo("gate1-2-standard");
      durable(log, outcome("c1"));
      assertThat(kept(before)).isEqualTo(new Kept.Known(CLOSE));
      assertThat(kept(after)).isEqualTo(new Kept.Known(OPEN));

      age(files(1).getFirst(), KEEP.plusSeconds(1));
      assertThat(log.letGoOfBodies()).as("those of the ended stream").isOne();
      assertThat(kept(before)).isInstanceOf(Kept.Absent.class);
      assertThat(kept(after)).isEqualTo(new Kept.Known(OPEN));
      age(files(2).getFirst(), KEEP.plusDays(40));
      assertThat(log.letGoOfBodies()).as("the file at hand").isOne();
      last = durable(log, called("c3", "a1", CLOSE));
      assertThat(kept(last)).isEqualTo(new Kept.Known(CLOSE));
      log.erase("a1", "ann", "asked for").toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
    assertThat(kept(last)).isInstanceOf(Kept.Erased.class);
    fixture.sound();
  }

  @Test
  void fileAtHandIsLetGoTooAndAnotherBegun() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, called("c1", "a1", CLOSE));
      age(files(1).getFirst(), KEEP.plusDays(40));
      assertThat(log.letGoOfBodies()).isOne();
      AuditReceipt next = durable(log, called("c2", "a1", CLOSE));
      assertThat(kept(next)).isEqualTo(new Kept.Known(CLOSE));
    }
    fixture.sound();
  }

  @Test
  void oldestBodiesGoWhileAllTakeMoreRoomThanTheyMay() throws Exception {
    List<Path> before;
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < 6; i++) { // files of 4 MiB, and 16 MiB for all
        durable(log, called("c" + i, "a1", "{\"id\":" + i + "}"));
        fixture.clock.advance(KEEP.dividedBy(10).plusSeconds(1));
      }
      before = files(1);
      await().atMost(SOON).untilAsserted(() -> assertThat(files(1)).hasSize(4));
    }

    assertThat(before.getLast()).exists();
    assertThat(before.getFirst()).doesNotExist();
    fixture.sound();
  }

  @Test
  void bodiesOfAStreamThatSomebodyHoldsStay() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, called("c1", "a1", CLOSE));
    }
    try (SegmentAuditLog log = fixture.open()) {
      log.retention()
          .seal(
              new SealOrder(
                  Optional.of("gate1-1-standard"),
                  Optional.empty(),
                  Optional.of("lawsuit"),
                  false,
                  "ann"));
      age(files(1).getFirst(), KEEP.plusDays(1));
      assertThat(log.letGoOfBodies()).isZero();
      assertThat(files(1)).hasSize(1);
    }
    fixture.sound();
  }
}
