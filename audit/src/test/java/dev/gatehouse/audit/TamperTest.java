package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.row.RowScanner;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.segment.TailJudge;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditReport.Broken;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.audit.verify.Pairing;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.json.CanonicalJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is changed afterwards is noticed, and the row is named. */
class TamperTest {

  @TempDir Path temp;
  LogFixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new LogFixture(temp);
  }

  private void twoSealedStreams() {
    for (int epoch = 1; epoch <= 2; epoch++) {
      try (SegmentAuditLog log = fixture.open()) {
        durable(log, intent("c" + epoch));
        durable(log, outcome("c" + epoch));
      }
    }
  }

  /** A stream whose process ended without closing, its last batch with three rows. */
  private LogFixture crashed() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    LogFixture copy = new LogFixture(Files.createDirectory(temp.resolve("crashed")));
    try (SegmentAuditLog log = LogOpener.open(fixture.config(), disk)) {
      durable(log, intent("c1"));
      disk.hold();
      log.append(outcome("c1"));
      disk.awaitHeld();
      for (int i = 0; i < 3; i++) {
        log.append(event(i));
      }
      disk.release();
      log.awaitIdle(Duration.ofSeconds(10));
      LogFixture.copy(fixture.dir, copy.dir);
      LogFixture.copy(fixture.witness, copy.witness);
    }
    return copy;
  }

  @Test
  void oneFlippedBitAtAnyByteOfASealedLogIsRefusedAndTheRowNamed() throws Exception {
    twoSealedStreams();
    fixture.sound();
    for (int epoch = 1; epoch <= 2; epoch++) {
      Path segment = fixture.segment(epoch, 0);
      long size = Files.size(segment);
      for (long at = 0; at < size; at++) {
        flip(segment, at, (int) (at % 8));
        AuditReport report = AuditVerifier.verify(fixture.dir);
        assertThat(report).as("byte %d", at).isInstanceOf(Broken.class);
        BadRow row = ((Broken) report).row();
        assertThat(row.stream()).isEqualTo("gate1-" + epoch + "-standard");
        assertThat(row.offsetBytes()).isBetween(at - 1_000, at);
        flip(segment, at, (int) (at % 8));
      }
    }
    fixture.sound();
  }

  @Test
  void oneFlippedBitAtAnyByteOfACrashedStreamIsCorruptionAndNotATornEnd() throws Exception {
    LogFixture crashed = crashed();
    Path segment = crashed.segment(1, 0);
    long end = TailJudge.dataEnd(segment, 0);
    for (long at = 0; at < end; at++) {
      int bit = (int) (at % 8);
      flip(segment, at, bit);
      assertThat(AuditVerifier.verify(crashed.dir))
          .as("byte %d bit %d", at, bit)
          .isInstanceOf(Broken.class);
      flip(segment, at, bit);
    }
    for (long at = end + 4; at < LogFixture.SEGMENT_BYTES; at += 499) {
      flip(segment, at, 3);
      assertThat(AuditVerifier.verify(crashed.dir)).as("byte %d", at).isInstanceOf(Broken.class);
      flip(segment, at, 3);
    }
    crashed.sound();
  }

  @Test
  void aCorruptedStreamStopsTheNextStart() throws Exception {
    LogFixture crashed = crashed();
    flip(crashed.segment(1, 0), 250, 0);
    assertThatThrownBy(crashed::open)
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessageContaining("gate1-1-standard/")
        .hasMessageContaining("0000.seg");
    flip(crashed.segment(1, 0), 250, 0);
    crashed.open().close();
    crashed.sound();
  }

  @Test
  void swappedDroppedAndDoubledRowsAreRefused() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < 6; i++) {
        durable(log, event(i));
      }
    }
    byte[] whole = Files.readAllBytes(fixture.segment(1, 0));
    List<byte[]> frames = frames(whole);
    List<List<byte[]>> forgeries = new ArrayList<>();
    for (int i = 0; i + 1 < frames.size(); i++) {
      List<byte[]> swapped = new ArrayList<>(frames);
      swapped.set(i, frames.get(i + 1));
      swapped.set(i + 1, frames.get(i));
      List<byte[]> dropped = new ArrayList<>(frames);
      dropped.remove(i);
      List<byte[]> doubled = new ArrayList<>(frames);
      doubled.add(i, frames.get(i));
      forgeries.addAll(List.of(swapped, dropped, doubled));
    }
    for (List<byte[]> forgery : forgeries) {
      Files.write(fixture.segment(1, 0), joined(forgery));
      assertThat(AuditVerifier.verify(fixture.dir)).isInstanceOf(Broken.class);
    }
  }

  @Test
  void rowsWithRightChecksumsButAWrongLinkAreRefused() throws Exception {
    twoSealedStreams();
    List<byte[]> frames = frames(Files.readAllBytes(fixture.segment(1, 0)));
    byte[] forged = frames.get(2);
    forged[Frame.LINK] ^= 1;
    int crc = Frame.crc(forged, 0, forged.length);
    ByteBuffer.wrap(forged).putInt(Frame.CRC, crc);
    Files.write(fixture.segment(1, 0), joined(frames));
    assertThat(fixture.broken().what()).contains("link");
    assertThat(fixture.broken().seq()).isEqualTo(2);
  }

  @Test
  void cuttingASealedStreamAnywhereIsRefused() throws Exception {
    twoSealedStreams();
    for (int epoch = 1; epoch <= 2; epoch++) {
      byte[] whole = Files.readAllBytes(fixture.segment(epoch, 0));
      for (int size = 0; size < whole.length; size += 7) {
        Files.write(fixture.segment(epoch, 0), Arrays.copyOf(whole, size));
        assertThat(fixture.verify()).as("cut at %d", size).isInstanceOf(Broken.class);
      }
      Files.write(fixture.segment(epoch, 0), whole);
    }
    fixture.sound();
  }

  @Test
  void onlyTheWitnessSeesWholeRowsCutFromTheEnd() throws Exception {
    twoSealedStreams();
    List<byte[]> frames = frames(Files.readAllBytes(fixture.segment(2, 0)));
    frames.removeLast();
    frames.removeLast();
    Files.write(fixture.segment(2, 0), joined(frames));
    assertThat(AuditVerifier.verify(fixture.dir)).isInstanceOf(Sound.class);
    assertThat(fixture.broken().what()).contains("rows were removed");
    assertThatThrownBy(fixture::open)
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessageContaining("rows were removed");
  }

  @Test
  void aRemovedStreamIsNoticedByTheOneAfterItOrByTheWitness() throws Exception {
    twoSealedStreams();
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
    }
    Path aside = temp.resolve("aside");
    Files.move(fixture.stream(2), aside);
    assertThat(AuditVerifier.verify(fixture.dir)).isInstanceOf(Broken.class);
    Files.move(aside, fixture.stream(2));
    Files.move(fixture.stream(3), aside);
    assertThat(AuditVerifier.verify(fixture.dir)).isInstanceOf(Sound.class);
    assertThat(fixture.broken().stream()).isEqualTo("gate1-3-standard");
    assertThatThrownBy(fixture::open).hasMessageContaining("the stream is gone");
  }

  @Test
  void aRemovedSegmentIsNoticed() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < 60; i++) {
        durable(log, LogFixture.padded(i, 4_000));
      }
    }
    for (int segment = 0; segment < 3; segment++) {
      Path aside = temp.resolve("aside");
      Files.move(fixture.segment(1, segment), aside);
      assertThat(AuditVerifier.verify(fixture.dir)).isInstanceOf(Broken.class);
      assertThatThrownBy(fixture::open).isInstanceOf(AuditUnavailableException.class);
      Files.move(aside, fixture.segment(1, segment));
    }
    fixture.sound();
  }

  @Test
  void aRewrittenHistoryIsRefusedByTheWitness() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
    }
    LogFixture forger = new LogFixture(Files.createDirectory(temp.resolve("forger")));
    try (SegmentAuditLog log = forger.open()) {
      durable(log, event(2));
    }
    Files.copy(forger.segment(1, 0), fixture.segment(1, 0), StandardCopyOption.REPLACE_EXISTING);
    assertThat(AuditVerifier.verify(fixture.dir)).isInstanceOf(Sound.class);
    assertThat(fixture.verify()).isInstanceOf(Broken.class);
  }

  @Test
  void aSealedStreamWithAnAllowedCallAndNoOutcomeIsRefused() throws Exception {
    // Such a stream cannot be written through the log; so the pairing is shown by itself.
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c1"));
    }
    Pairing pairing = Pairing.strict();
    RowScanner row = new RowScanner();
    StreamName name = new StreamName("gate1", 1, "standard");
    try (StreamWalker walker = StreamWalker.fromSegment(fixture.stream(1), name, 0)) {
      while (pairing.oldest().isEmpty() && walker.next()) {
        row.scan(walker.buffer(), walker.textAt(), walker.textBytes());
        pairing.see(row, walker);
      }
      assertThat(pairing.oldest().orElseThrow().seq()).isEqualTo(walker.seq());
      assertThatThrownBy(() -> pairing.see(row, walker)).hasMessageContaining("allowed twice");
    }
    byte[] stray = CanonicalJson.bytes(outcome("x").fields());
    row.scan(stray, 0, stray.length);
    try (StreamWalker walker = StreamWalker.fromSegment(fixture.stream(1), name, 0)) {
      assertThat(walker.next()).isTrue();
      assertThatThrownBy(() -> pairing.see(row, walker)).hasMessageContaining("which is not open");
    }
  }

  static void flip(Path file, long at, int bit) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int value = bytes.read();
      bytes.seek(at);
      bytes.write(value ^ 1 << bit);
    }
  }

  static List<byte[]> frames(byte[] segment) {
    List<byte[]> frames = new ArrayList<>();
    int at = 0;
    while (at < segment.length && Frame.intAt(segment, at) != 0) {
      int len = Frame.intAt(segment, at);
      frames.add(Arrays.copyOfRange(segment, at, at + len));
      at += len;
    }
    return frames;
  }

  static byte[] joined(List<byte[]> frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    frames.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
