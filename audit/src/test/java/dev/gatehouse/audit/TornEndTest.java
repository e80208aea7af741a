package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.padded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.TailJudge;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process or machine that stops while a batch is being written. */
class TornEndTest {

  private static final StreamName FIRST = new StreamName("gate1", 1, "standard");

  @TempDir Path temp;
  LogFixture fixture;
  LogFixture crashed;
  byte[] segment;
  int batchStart;
  int batchEnd;

  @BeforeEach
  void crashAfterABatchOfThree() throws Exception {
    fixture = new LogFixture(Files.createDirectory(temp.resolve("live")));
    crashed = new LogFixture(Files.createDirectory(temp.resolve("crashed")));
    FaultyDisk disk = new FaultyDisk();
    try (SegmentAuditLog log = LogOpener.open(fixture.config(), disk)) {
      durable(log, intent("c1"));
      log.awaitIdle(Duration.ofSeconds(10));
      disk.hold();
      log.append(event(0));
      disk.awaitHeld();
      log.append(event(1));
      log.append(padded(2, 1_500));
      log.append(event(3));
      disk.release();
      assertThat(log.awaitIdle(Duration.ofSeconds(10))).isTrue();
      LogFixture.copy(fixture.dir, crashed.dir);
      LogFixture.copy(fixture.witness, crashed.witness);
    }
    segment = Files.readAllBytes(crashed.segment(1, 0));
    batchEnd = (int) TailJudge.dataEnd(crashed.segment(1, 0), 0);
    List<byte[]> frames = TamperTest.frames(segment);
    batchStart = batchEnd;
    for (byte[] frame : frames.subList(frames.size() - 3, frames.size())) {
      assertThat(Frame.shortAt(frame, Frame.COUNT)).isEqualTo(3);
      batchStart -= frame.length;
    }
  }

  @Test
  void aBatchTornAtAnyByteIsATornEnd() throws Exception {
    for (int cut = batchStart + 1; cut < batchEnd; cut++) {
      byte[] torn = segment.clone();
      Arrays.fill(torn, cut, torn.length, (byte) 0);
      Files.write(crashed.segment(1, 0), torn);
      assertKeepsAllBefore("zero from " + cut);
      if (cut % 5 == 0) {
        Files.write(crashed.segment(1, 0), Arrays.copyOf(segment, cut));
        assertKeepsAllBefore("ends at " + cut);
      }
    }
  }

  private void assertKeepsAllBefore(String what) throws Exception {
    assertThat(crashed.sound().counts().rows()).as(what).isEqualTo(4);
  }

  @Test
  void aMissingSectorInTheMiddleIsATornEnd() throws Exception {
    int sector = (batchStart / 512 + 2) * 512;
    assertThat(sector + 512).isLessThan(batchEnd);
    byte[] torn = segment.clone();
    Arrays.fill(torn, sector, sector + 512, (byte) 0);
    Files.write(crashed.segment(1, 0), torn);
    assertKeepsAllBefore("hole");
    byte[] scratched = segment.clone();
    Arrays.fill(scratched, sector, sector + 511, (byte) '#');
    Files.write(crashed.segment(1, 0), scratched);
    assertThat(crashed.broken().what()).contains("has changed since");
  }

  @Test
  void recoveryCutsATornEndRecordsItsHashAndGivesOpenCallsAnOutcome() throws Exception {
    for (int cut = batchStart + 1; cut < batchEnd; cut += 97) {
      LogFixture again = new LogFixture(Files.createDirectory(temp.resolve("cut" + cut)));
      LogFixture.copy(crashed.dir, again.dir);
      LogFixture.copy(crashed.witness, again.witness);
      byte[] torn = segment.clone();
      Arrays.fill(torn, cut, torn.length, (byte) 0);
      Files.write(again.segment(1, 0), torn);
      again.open().close();
      assertThat(Files.size(again.segment(1, 0))).isEqualTo(batchStart);
      assertThat(again.stream(1)).isDirectoryNotContaining("glob:**.new");
      int dataEnd = cut;
      while (torn[dataEnd - 1] == 0) {
        dataEnd--;
      }
      byte[] discarded = Arrays.copyOfRange(torn, batchStart, Math.max(batchStart, dataEnd));
      String hash = HexFormat.of().formatHex(ChainHasher.sha256().digest(discarded));
      assertThat(again.rows())
          .anyMatch(row -> hash.equals(row.fields().get("discarded_sha256")))
          .anyMatch(row -> "unknown".equals(row.fields().get("outcome")));
      assertThat(again.sound().counts().openCalls()).isZero();
    }
  }

  @Test
  void anInterruptedRecoveryIsRepeated() throws Exception {
    byte[] torn = segment.clone();
    Arrays.fill(torn, batchEnd - 10, torn.length, (byte) 0);
    Files.write(crashed.segment(1, 0), torn);
    // As far as copying aside, cutting, and half of the new stream:
    Path opening = new AuditLayout(crashed.dir).opening(new StreamName("gate1", 2, "standard"));
    Path copy = crashed.segment(1, 0).resolveSibling("0000.seg.torn");
    byte[] discarded = Arrays.copyOfRange(torn, batchStart, batchEnd - 10);
    Files.write(copy, discarded);
    Files.write(crashed.segment(1, 0), Arrays.copyOf(segment, batchStart));
    Files.createDirectory(opening);
    Files.write(opening.resolve("0000.seg"), new byte[100]);
    crashed.open().close();
    assertThat(opening).doesNotExist();
    String hash = HexFormat.of().formatHex(ChainHasher.sha256().digest(discarded));
    assertThat(crashed.rows()).anyMatch(row -> hash.equals(row.fields().get("discarded_sha256")));
    crashed.sound();
  }

  @Test
  void severalCrashesInARowRecover() throws Exception {
    LogFixture current = crashed;
    for (int crash = 0; crash < 3; crash++) {
      LogFixture next = new LogFixture(Files.createDirectory(temp.resolve("crash" + crash)));
      try (SegmentAuditLog log = current.open()) {
        durable(log, intent("again" + crash));
        log.awaitIdle(Duration.ofSeconds(10));
        LogFixture.copy(current.dir, next.dir);
        LogFixture.copy(current.witness, next.witness);
      }
      current = next;
    }
    current.open().close();
    assertThat(current.sound().counts().openCalls()).isZero();
    assertThat(current.sound().counts().streams()).isEqualTo(5);
  }

  @Test
  void aLaterBatchBehindTheDamageIsCorruption() throws Exception {
    byte[] damaged = segment.clone();
    List<byte[]> frames = TamperTest.frames(segment);
    int offset = 0;
    for (byte[] frame : frames.subList(0, 3)) {
      offset += frame.length;
    }
    Arrays.fill(damaged, offset, offset + frames.get(3).length, (byte) 0);
    Files.write(crashed.segment(1, 0), damaged);
    assertThat(crashed.broken().seq()).isEqualTo(3);
    assertThatThrownBy(crashed::open).isInstanceOf(AuditUnavailableException.class);
  }

  @Test
  void aTornEndInFrontOfALaterStreamIsRefused() throws Exception {
    crashed.open().close();
    byte[] whole = Files.readAllBytes(crashed.segment(1, 0));
    byte[] longer = Arrays.copyOf(whole, whole.length + 50);
    System.arraycopy(whole, 0, longer, whole.length, 50);
    Files.write(crashed.segment(1, 0), longer);
    assertThat(crashed.broken().stream()).isEqualTo(FIRST.toString());
  }
}
