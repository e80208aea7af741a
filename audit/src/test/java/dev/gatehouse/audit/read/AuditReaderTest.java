package dev.gatehouse.audit.read;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.padded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.core.audit.AuditReceipt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading and verifying beside a log that is being written. */
class AuditReaderTest {

  private static final String LINEAGE = "gate1-standard";
  private static final int VERIFICATIONS = 25;

  /** So many are written beside each verification: a log that grew on would outgrow its reader. */
  private static final int BATCHES = 8;

  @TempDir Path temp;
  LogFixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new LogFixture(temp);
  }

  private AuditReader open(Start start) throws IOException {
    return AuditReader.open(fixture.dir, LINEAGE, start);
  }

  @Test
  void followsTheLogOverSegmentsAndStarts() throws Exception {
    fixture.open().close();
    try (AuditReader reader = open(new Start.Newest(0))) {
      assertThat(reader.poll()).isEmpty();
      for (int epoch = 2; epoch <= 3; epoch++) {
        try (SegmentAuditLog log = fixture.open()) {
          for (int i = 0; i < 40; i++) {
            AuditReceipt receipt = durable(log, padded(i, 4_000));
            StoredRow row = reader.take(Duration.ofMillis(1));
            while (!row.receipt().equals(receipt)) {
              assertThat(row.json()).contains("audit.");
              row = reader.take(Duration.ofMillis(1));
            }
          }
        }
      }
    }
  }

  @Test
  void startsAtAnyRow() throws Exception {
    AuditReceipt wanted = null;
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < 60; i++) {
        AuditReceipt receipt = durable(log, padded(i, 4_000));
        wanted = i == 30 ? receipt : wanted;
      }
    }
    assertThat(wanted).isNotNull();
    try (AuditReader reader = open(new Start.At(wanted.stream(), wanted.seq()))) {
      assertThat(reader.poll().orElseThrow().receipt()).isEqualTo(wanted);
      assertThat(reader.poll().orElseThrow().receipt().seq()).isEqualTo(wanted.seq() + 1);
    }
    assertThatThrownBy(() -> open(new Start.At("gate1-7-standard", 0)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("gate1-7-standard");
  }

  @Test
  void startsWithTheLastRows() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < 50; i++) {
        durable(log, padded(i, 4_000));
      }
      log.awaitIdle(Duration.ofSeconds(10));
      long rows = log.state().rows();
      try (AuditReader reader = open(new Start.Newest(3))) {
        assertThat(reader.poll().orElseThrow().receipt().seq()).isEqualTo(rows - 3);
      }
      try (AuditReader reader = open(new Start.Newest(10_000))) {
        assertThat(reader.poll().orElseThrow().receipt().seq()).isZero();
      }
    }
  }

  @Test
  void aReaderThatComesBeforeTheFirstStartSeesItsRows() throws Exception {
    try (AuditReader reader = open(new Start.Oldest())) {
      assertThat(reader.poll()).isEmpty();
      fixture.open().close();
      assertThat(reader.poll().orElseThrow().json()).contains("audit.opened");
    }
    assertThat(AuditReader.lineages(fixture.dir)).containsExactly(LINEAGE);
  }

  @Test
  void aLogUnderLoadVerifiesAtAnyMoment() throws Exception {
    Semaphore batches = new Semaphore(0);
    try (SegmentAuditLog log = fixture.open()) {
      CompletableFuture<Void> load =
          CompletableFuture.runAsync(
              () -> {
                for (int written = 0; written < VERIFICATIONS * BATCHES; written++) {
                  batches.acquireUninterruptibly();
                  for (int i = 0; i < 20; i++) {
                    log.append(padded(i, 100 + 37 * i));
                  }
                  durable(log, event(written));
                }
              });
      for (int i = 0; i < VERIFICATIONS; i++) {
        batches.release(BATCHES);
        assertThat(AuditVerifier.verify(fixture.dir, fixture.witness)).isInstanceOf(Sound.class);
      }
      load.get(30, TimeUnit.SECONDS);
    }
    fixture.sound();
  }
}
