package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.padded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.write.LogStatus;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens when the disk fails, fills or lags. */
class FaultTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path temp;
  final FaultyDisk disk = new FaultyDisk();
  LogFixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new LogFixture(temp);
  }

  private SegmentAuditLog open() {
    return LogOpener.open(fixture.config(), disk);
  }

  @Test
  void aFailedSyncPoisonsTheLogAndIsNeverTriedAgain() throws Exception {
    SegmentAuditLog log = open();
    AuditReceipt kept = durable(log, event(1));
    assertThat(log.awaitIdle(SOON)).isTrue();
    disk.hold();
    CompletionStage<AuditReceipt> first = log.append(event(2));
    disk.awaitHeld();
    CompletionStage<AuditReceipt> queued = log.append(event(3));
    disk.failForces = true;
    int forces = disk.forces.get();
    disk.release();
    assertUnavailable(first);
    assertUnavailable(queued);
    assertThat(log.state().status()).isEqualTo(LogStatus.POISONED);
    assertThat(log.state().reason()).contains("Input/output error");
    assertThatThrownBy(() -> log.append(event(4)))
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessageContaining("disk failed");
    log.close();
    assertThat(disk.forces.get()).isEqualTo(forces);
    assertThat(log.state().queuedRows()).isZero();
    assertRecovers(kept);
  }

  @Test
  void aFailedWritePoisonsTheLogAndItsHalfWrittenBatchIsRecovered() throws Exception {
    SegmentAuditLog log = open();
    AuditReceipt kept = durable(log, event(1));
    assertThat(log.awaitIdle(SOON)).isTrue();
    disk.failWrites = true;
    assertUnavailable(log.append(event(2)));
    assertThat(log.state().status()).isEqualTo(LogStatus.POISONED);
    log.close();
    assertThat(fixture.sound().notes()).anyMatch(note -> note.contains("not complete"));
    assertRecovers(kept);
    assertThat(fixture.rows())
        .map(StoredRow::fields)
        .filteredOn("event", "audit.recovered")
        .singleElement()
        .satisfies(row -> assertThat((Integer) row.get("discarded_bytes")).isGreaterThan(50));
  }

  private void assertRecovers(AuditReceipt kept) throws Exception {
    fixture.open().close();
    assertThat(fixture.sound().counts().streams()).isEqualTo(2);
    assertThat(fixture.rows()).extracting(StoredRow::receipt).contains(kept);
  }

  private static void assertUnavailable(CompletionStage<AuditReceipt> stage) {
    assertThat(stage)
        .failsWithin(SOON)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(AuditUnavailableException.class);
  }

  @Test
  void aFullDiskRefusesRowsLosesNoneAndRecoversByItself() throws Exception {
    List<AuditReceipt> kept = new ArrayList<>();
    try (SegmentAuditLog log = open()) {
      disk.failCreates = true;
      await()
          .atMost(SOON)
          .until(
              () -> {
                try {
                  kept.add(durable(log, padded(kept.size(), 4_000)));
                  return false;
                } catch (AssertionError refused) {
                  return true;
                }
              });
      assertThat(log.state().status()).isEqualTo(LogStatus.FULL);
      assertThat(log.state().reason()).contains("No space left on device");
      assertThatThrownBy(() -> log.append(event(1)))
          .isInstanceOf(AuditUnavailableException.class)
          .hasMessageContaining("no room");
      assertThat(log.state().queuedRows()).isZero();
      disk.failCreates = false;
      await().atMost(SOON).until(() -> log.state().open());
      kept.add(durable(log, event(2)));
    }
    assertThat(fixture.rows()).extracting(StoredRow::receipt).containsAll(kept);
    fixture.sound();
  }

  @Test
  void aLogThatIsClosedWhileFullStaysReadable() throws Exception {
    SegmentAuditLog log = open();
    disk.failCreates = true;
    await()
        .atMost(SOON)
        .until(
            () -> {
              try {
                durable(log, padded(1, 8_000));
                return false;
              } catch (AssertionError refused) {
                return true;
              }
            });
    log.close();
    fixture.sound();
    fixture.open().close();
    fixture.sound();
  }

  @Test
  void rowsBeyondTheQueuesLimitAreRefusedAndThoseBelowAreKept() throws Exception {
    try (SegmentAuditLog log = open()) {
      assertThat(log.awaitIdle(SOON)).isTrue();
      disk.hold();
      int max = fixture.config().queueRowsMax();
      for (int i = 0; i < max; i++) {
        log.append(event(i));
      }
      assertThatThrownBy(() -> log.append(event(max)))
          .isInstanceOf(AuditUnavailableException.class)
          .hasMessageContaining("queueRowsMax = 1000");
      assertThat(log.state().queuedRows()).isEqualTo(max);
      disk.release();
      assertThat(log.awaitIdle(SOON)).isTrue();
      durable(log, event(max));
    }
    assertThat(fixture.rows()).filteredOn(row -> row.json().contains("\"test\"")).hasSize(1001);
  }

  @Test
  void bytesBeyondTheQueuesLimitAreRefused() throws Exception {
    try (SegmentAuditLog log = open()) {
      assertThat(log.awaitIdle(SOON)).isTrue();
      disk.hold();
      int rows = 0;
      try {
        while (rows < fixture.config().queueRowsMax()) {
          log.append(padded(rows, 8_000));
          rows++;
        }
      } catch (AuditUnavailableException e) {
        assertThat(e).hasMessageContaining("queueBytesMax = 1048576");
      }
      assertThat(rows).isBetween(125, 131);
      disk.release();
      assertThat(log.awaitIdle(SOON)).isTrue();
      durable(log, padded(rows, 8_000));
    }
    fixture.sound();
  }

  @Test
  void whatQueuesDuringASyncBecomesOneBatch() throws Exception {
    try (SegmentAuditLog log = open()) {
      assertThat(log.awaitIdle(SOON)).isTrue();
      durable(log, event(0));
      disk.hold();
      log.append(event(1));
      disk.awaitHeld();
      int forces = disk.forces.get();
      List<CompletionStage<AuditReceipt>> queued = new ArrayList<>();
      for (int i = 2; i < 52; i++) {
        queued.add(log.append(event(i)));
      }
      disk.release();
      queued.forEach(stage -> assertThat(stage).succeedsWithin(SOON));
      assertThat(disk.forces.get()).isEqualTo(forces + 1);
    }
    fixture.sound();
  }
}
