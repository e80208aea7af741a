package dev.gatehouse.audit.export;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.FaultyDisk;
import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.LogOpener;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditReport.Broken;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.core.audit.AuditRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {

  @TempDir Path temp;
  LogFixture fixture;
  Path file;

  @BeforeEach
  void setUp() {
    fixture = new LogFixture(temp);
    file = temp.resolve("export.ndjson.gz");
  }

  private AuditExport.Summary export() throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      return AuditExport.write(fixture.dir, fixture.witness, out, _ -> {});
    }
  }

  private AuditReport check(Optional<Path> witness, Optional<String> keys) throws IOException {
    return AuditExport.verify(file, witness, keys, _ -> {});
  }

  private void twoStreams() {
    for (int epoch = 1; epoch <= 2; epoch++) {
      try (SegmentAuditLog log = fixture.open()) {
        durable(log, intent("c" + epoch));
        durable(log, outcome("c" + epoch));
        durable(log, new AuditRow(Map.of("type", "event", "event", "ü\u2028\n\"\\\u0001€𝄞")));
      }
    }
  }

  @Test
  void anExportIsCheckedByItselfByKeysAndByAWitness() throws Exception {
    twoStreams();
    AuditExport.Summary summary = export();
    assertThat(summary).isEqualTo(new AuditExport.Summary(2, 12, 4, 0));
    String keys = Files.readString(fixture.dir.resolve("keys/checkpoint.pub"));
    for (AuditReport report :
        List.of(
            check(Optional.empty(), Optional.empty()),
            check(Optional.empty(), Optional.of(keys)),
            check(Optional.of(fixture.witness), Optional.empty()))) {
      assertThat(report).isInstanceOf(Sound.class);
      assertThat(report.counts()).isEqualTo(new AuditReport.Counts(2, 12, 4, 0));
    }
  }

  @Test
  void aStreamThatIsStillWrittenIsExportedUpToItsLastCheckpoint() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c1"));
      Checkpoint signed = log.checkpoint();
      durable(log, outcome("c1"));
      assertThat(export()).isEqualTo(new AuditExport.Summary(1, signed.rows(), signed.number(), 1));
    }
    AuditReport report = check(Optional.empty(), Optional.empty());
    assertThat(report).isInstanceOf(Sound.class);
    assertThat(report.counts().openCalls()).isEqualTo(1);
    assertThat(check(Optional.of(fixture.witness), Optional.empty()))
        .as("the witness knows of a later checkpoint")
        .isInstanceOf(Broken.class);
  }

  @Test
  void aCrashedStreamAndItsRecoveryAreExported() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    LogFixture copy = new LogFixture(Files.createDirectory(temp.resolve("crashed")));
    try (SegmentAuditLog log = LogOpener.open(fixture.config(), disk)) {
      durable(log, intent("c1"));
      LogFixture.copy(fixture.dir, copy.dir);
      LogFixture.copy(fixture.witness, copy.witness);
    }
    copy.open().close();
    fixture = copy;
    assertThat(export().streams()).isEqualTo(2);
    assertThat(check(Optional.of(copy.witness), Optional.empty())).isInstanceOf(Sound.class);
  }

  @Test
  void anExportSignedByAnotherKeyIsRefused() throws Exception {
    twoStreams();
    export();
    LogFixture stranger = new LogFixture(Files.createDirectory(temp.resolve("stranger")));
    stranger.open().close();
    String theirs = Files.readString(stranger.dir.resolve("keys/checkpoint.pub"));
    assertThat(check(Optional.empty(), Optional.of(theirs))).isInstanceOf(Broken.class);
    assertThat(check(Optional.of(stranger.witness), Optional.empty())).isInstanceOf(Broken.class);
  }

  @Test
  void aCutOffExportIsRefused() throws Exception {
    twoStreams();
    export();
    byte[] whole = Files.readAllBytes(file);
    for (int length = 20; length < whole.length; length += 97) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(check(Optional.empty(), Optional.empty())).isInstanceOf(Broken.class);
    }
  }

  @Test
  void aLineThatIsTooLongIsRefused() throws Exception {
    Files.writeString(file, ExportFormat.HEADER + "\n" + "x".repeat(ExportLines.LINE_BYTES_MAX));
    AuditReport report = check(Optional.empty(), Optional.empty());
    assertThat(report).isInstanceOf(Broken.class);
    Files.writeString(
        file, ExportFormat.HEADER + "\n" + "x".repeat(ExportLines.LINE_BYTES_MAX + 1) + "\n");
    report = check(Optional.empty(), Optional.empty());
    assertThat(((Broken) report).row().what()).contains("line");
  }
}
