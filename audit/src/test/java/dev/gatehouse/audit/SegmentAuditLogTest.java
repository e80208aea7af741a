package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.outcome;
import static dev.gatehouse.audit.LogFixture.padded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.write.LogStatus;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentAuditLogTest {

  @TempDir Path temp;
  LogFixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new LogFixture(temp);
  }

  @Test
  void rowsAreNumberedAndReadBackAsTheyWereGiven() throws Exception {
    AuditReceipt receipt;
    try (SegmentAuditLog log = fixture.open()) {
      receipt = durable(log, intent("c1"));
      durable(log, outcome("c1"));
    }
    StoredRow stored =
        fixture.rows().stream().filter(row -> row.receipt().equals(receipt)).findFirst().get();
    assertThat(stored.fields()).isEqualTo(intent("c1").fields());
    assertThat(stored.at()).isEqualTo(fixture.clock.instant());
    assertThat(receipt.stream()).isEqualTo("gate1-1-standard");
    assertThat(fixture.sound().notes()).isEmpty();
  }

  @Test
  void rowsOfOneThreadKeepTheirOrder() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < 500; i++) {
        log.append(event(i));
      }
    }
    List<Object> numbers =
        fixture.rows().stream()
            .map(StoredRow::fields)
            .filter(fields -> "test".equals(fields.get("event")))
            .map(fields -> fields.get("number"))
            .toList();
    assertThat(numbers).hasSize(500).isSortedAccordingTo((a, b) -> (Integer) a - (Integer) b);
  }

  @Test
  void segmentsRollAndStillVerify() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < 100; i++) {
        durable(log, padded(i, 4_000));
      }
    }
    assertThat(fixture.segment(1, 6)).exists();
    assertThat(fixture.sound().counts().rows()).isEqualTo(103); // opened, checkpoint, seal
    assertThat(Files.size(fixture.segment(1, 0))).isEqualTo(LogFixture.SEGMENT_BYTES);
  }

  @Test
  void eachStartBeginsAStreamThatContinuesTheOneBefore() throws Exception {
    for (int epoch = 1; epoch <= 3; epoch++) {
      try (SegmentAuditLog log = fixture.open()) {
        durable(log, event(epoch));
      }
    }
    assertThat(fixture.sound().counts().streams()).isEqualTo(3);
    assertThat(fixture.sound().notes()).isEmpty();
  }

  @Test
  void closingGivesOpenCallsAnOutcomeAndSeals() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c1"));
      assertThat(log.state().openCalls()).isEqualTo(1);
    }
    List<StoredRow> rows = fixture.rows();
    Map<String, Object> last = rows.get(rows.size() - 2).fields();
    assertThat(last).containsEntry("outcome", "unknown").containsEntry("call_id", "c1");
    assertThat(rows.getLast().fields()).containsEntry("event", "audit.sealed");
    assertThat(fixture.sound().counts().openCalls()).isZero();
  }

  @Test
  void anOutcomeWithoutIntentIsNotWritten() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      assertThat(log.append(outcome("nobody")))
          .failsWithin(Duration.ofSeconds(5))
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(IllegalArgumentException.class)
          .withMessageContaining("nobody");
      durable(log, event(1));
    }
    fixture.sound();
  }

  @Test
  void timeNeverGoesBack() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
      fixture.clock.advance(Duration.ofHours(-1));
      durable(log, event(2));
    }
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(3));
    }
    fixture.sound();
  }

  @Test
  void aRowAtTheLimitIsTakenAndOneByteMoreIsRefused() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      int frame = "{\"pad\":\"\"}".length();
      int max = fixture.config().rowBytesMax();
      durable(log, new AuditRow(Map.of("pad", "x".repeat(max - frame))));
      assertThatThrownBy(() -> log.append(new AuditRow(Map.of("pad", "x".repeat(max - frame + 1)))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("8193 bytes")
          .hasMessageContaining("rowBytesMax = 8192");
    }
    fixture.sound();
  }

  @Test
  void aRowThatIsNotExactIsRefused() {
    try (SegmentAuditLog log = fixture.open()) {
      assertThatThrownBy(() -> log.append(new AuditRow(Map.of("share", 0.5))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void callsBeyondTheLimitOfOpenOnesAreRefused() {
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < fixture.config().openCallsMax(); i++) {
        durable(log, intent("c" + i));
      }
      assertThatThrownBy(() -> log.append(intent("one more")))
          .isInstanceOf(AuditUnavailableException.class)
          .hasMessageContaining("openCallsMax = 100");
      durable(log, outcome("c0"));
      durable(log, intent("one more"));
    }
  }

  @Test
  void aClosedLogRefusesRows() {
    SegmentAuditLog log = fixture.open();
    log.close();
    log.close();
    assertThat(log.state().status()).isEqualTo(LogStatus.CLOSED);
    assertThatThrownBy(() -> log.append(event(1)))
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aSecondOpenerIsRefusedUntilTheFirstCloses() {
    try (SegmentAuditLog log = fixture.open()) {
      assertThatThrownBy(fixture::open)
          .isInstanceOf(AuditUnavailableException.class)
          .hasMessageContaining("gate1-standard.lock")
          .hasMessageContaining("this process");
      durable(log, event(1));
    }
    fixture.open().close();
  }

  @Test
  void idleMeansThatNothingWaits() {
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < 100; i++) {
        log.append(event(i));
      }
      assertThat(log.awaitIdle(Duration.ofSeconds(10))).isTrue();
      assertThat(log.state().queuedRows()).isZero();
      assertThat(log.state().queuedBytes()).isZero();
    }
  }
}
