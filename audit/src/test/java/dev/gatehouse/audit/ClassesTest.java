package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.audit.export.AuditExport;
import dev.gatehouse.audit.proof.AuditProof;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.retain.SealOrder;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditReport.Broken;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.audit.write.LogStatus;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several retention classes in one process. Leaves exports below {@code target/mutations-classes},
 * where the second verifier must find the same: {@code build/mutations}.
 */
class ClassesTest {

  private static final Path LEFT = Path.of("target", "mutations-classes");
  private static final String STANDARD = "gate1-1-standard";
  private static final String SOX = "gate1-1-sox_7yr";

  @TempDir Path temp;
  LogFixture fixture;
  final TreeMap<String, String> verdicts = new TreeMap<>();

  @BeforeEach
  void twoClasses() {
    fixture = new LogFixture(temp);
    fixture.retention = new RetentionPlan("standard", Map.of("sox_7yr", Optional.empty()));
  }

  private SegmentAuditLog open() {
    return assigned(fixture.open());
  }

  private static SegmentAuditLog assigned(SegmentAuditLog log) {
    log.assign(Map.of("payer", "sox_7yr"));
    return log;
  }

  private static AuditRow intent(String callId, String agent) {
    return new AuditRow(
        Map.of("v", 1, "type", "intent", "call_id", callId, "verdict", "allow", "agent", agent));
  }

  private static String stream(SegmentAuditLog log, AuditRow row) {
    return durable(log, row).stream();
  }

  private List<StoredRow> rows(String lineage) throws IOException {
    List<StoredRow> rows = new ArrayList<>();
    try (AuditReader reader =
        AuditReader.open(fixture.dir, lineage, new AuditReader.Start.Oldest())) {
      for (var row = reader.poll(); row.isPresent(); row = reader.poll()) {
        rows.add(row.get());
      }
    }
    return rows;
  }

  @Test
  void rowsOfACallGoToTheStreamOfItsAgentsClassAndAllOthersToTheOneByDefault() throws Exception {
    try (SegmentAuditLog log = open()) {
      assertThat(stream(log, intent("c1", "payer"))).isEqualTo(SOX);
      assertThat(stream(log, intent("c2", "other"))).isEqualTo(STANDARD);
      assertThat(log.state().openCalls()).isEqualTo(2);
      assertThat(stream(log, outcome("c1"))).isEqualTo(SOX);
      assertThat(stream(log, outcome("c2"))).isEqualTo(STANDARD);
      assertThat(stream(log, event(1))).isEqualTo(STANDARD);
      assertThat(log.streams()).containsExactly(STANDARD, SOX);
      assertThat(log.states()).extracting(AuditState::stream).containsExactly(STANDARD, SOX);
    }
    assertThat(fixture.sound().counts().streams()).isEqualTo(2);
    assertThat(fixture.sound().counts().openCalls()).isZero();
  }

  @Test
  void aCallStaysTogetherWhenItsAgentGetsAnotherClassMeanwhile() throws Exception {
    try (SegmentAuditLog log = open()) {
      assertThat(stream(log, intent("c1", "payer"))).isEqualTo(SOX);
      log.assign(Map.of());
      assertThat(stream(log, intent("c2", "payer"))).isEqualTo(STANDARD);
      assertThat(stream(log, outcome("c1"))).isEqualTo(SOX);
      assertThat(stream(log, outcome("c2"))).isEqualTo(STANDARD);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> log.assign(Map.of("payer", "nine_years")))
          .withMessageContaining("nine_years");
    }
    fixture.sound();
  }

  @Test
  void eachClassIsRecoveredAfterACrashEvenOneThatNobodyNamesAnyMore() throws Exception {
    LogFixture killed = new LogFixture(Files.createDirectory(temp.resolve("killed")));
    try (SegmentAuditLog log = open()) {
      durable(log, intent("c1", "payer"));
      durable(log, intent("c2", "other"));
      LogFixture.copy(fixture.dir, killed.dir);
      LogFixture.copy(fixture.witness, killed.witness);
    }
    fixture = killed; // which knows one class only
    try (SegmentAuditLog log = fixture.open()) {
      assertThat(log.streams()).containsExactly("gate1-2-standard", "gate1-2-sox_7yr");
    }
    fixture.sound();
    assertThat(rows("gate1-sox_7yr"))
        .map(StoredRow::fields)
        .filteredOn(row -> "unknown".equals(row.get("outcome")))
        .extracting(row -> row.get("call_id"))
        .containsExactly("c1");
    assertThat(rows("gate1-standard"))
        .map(StoredRow::fields)
        .filteredOn(row -> "unknown".equals(row.get("outcome")))
        .extracting(row -> row.get("call_id"))
        .containsExactly("c2");
  }

  @Test
  void aClassWhoseDiskFailsRefusesItsRowsAndNoOthers() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    SegmentAuditLog log = assigned(LogOpener.open(fixture.config(), disk));
    durable(log, intent("c1", "payer"));
    disk.failOnly = "sox_7yr";
    disk.failForces = true;
    assertThat(log.append(intent("c2", "payer")).toCompletableFuture())
        .failsWithin(20, TimeUnit.SECONDS)
        .withThrowableThat()
        .withRootCauseInstanceOf(AuditUnavailableException.class);
    assertThatExceptionOfType(AuditUnavailableException.class)
        .isThrownBy(() -> log.append(intent("c3", "payer")));
    durable(log, intent("c4", "other"));
    durable(log, outcome("c4"));
    assertThat(log.state().status()).isEqualTo(LogStatus.POISONED);
    assertThat(log.state().reason()).startsWith(SOX);
    assertThat(log.state().open()).isFalse();
    log.close();
    open().close();
    fixture.sound();
  }

  @Test
  void oneProcessHoldsAllClasses() {
    try (SegmentAuditLog log = open()) {
      fixture.retention = RetentionPlan.only("brief");
      assertThatThrownBy(fixture::open)
          .isInstanceOf(AuditUnavailableException.class)
          .hasMessageContaining("in use");
      assertThat(log.state().open()).isTrue();
    }
  }

  @Test
  void newKeysAreInForceInEachClassAndStreamsAreSealedAndExpireClassByClass() throws Exception {
    String firstKeys;
    try (SegmentAuditLog log = open()) {
      firstKeys = Files.readString(fixture.dir.resolve("keys/checkpoint.pub"));
      durable(log, intent("c1", "payer"));
      log.rotateKey("ann");
      durable(log, outcome("c1"));
      durable(log, event(1));
      log.checkpoint();
    }
    AuditReceipt row;
    try (SegmentAuditLog log = open()) {
      row = durable(log, intent("c2", "payer"));
      durable(log, outcome("c2"));
      log.rotateKey("ann");
      leave(firstKeys);
      log.retention()
          .seal(
              new SealOrder(
                  Optional.of(SOX), Optional.empty(), Optional.of("case 7"), false, "ann"));
      log.retention()
          .seal(
              new SealOrder(
                  Optional.empty(),
                  Optional.of(LocalDate.parse("2025-01-01")),
                  Optional.empty(),
                  false,
                  "ann"));
      assertThat(log.retention().expire("ann"))
          .extracting(gone -> gone.stream().toString())
          .as("the other one is held")
          .containsExactly(STANDARD);
    }
    assertThat(AuditVerifier.verify(fixture.dir, fixture.witness, firstKeys))
        .isInstanceOf(Sound.class);
    assertThat(
            AuditProof.check(
                AuditProof.inclusion(fixture.dir, fixture.witness, row.stream(), row.seq()),
                Optional.of(firstKeys)))
        .contains(row.stream());
    Files.delete(fixture.dir.resolve("streams").resolve(SOX).resolve("0000.seg"));
    assertThat(((Broken) fixture.verify()).row().stream()).isEqualTo(SOX);
  }

  /** Exports in which a class is there, or left out by somebody who holds no key. */
  private void leave(String firstKeys) throws IOException {
    Files.createDirectories(LEFT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExport.write(fixture.dir, fixture.witness, out, _ -> {});
    String good = out.toString(StandardCharsets.UTF_8);
    judged("classes", good, firstKeys, fixture.witness, "sound");
    List<String> kept = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();
    boolean left = false;
    for (String line : good.lines().toList()) {
      left = line.startsWith("{\"kind\":\"stream\"") ? line.contains("sox_7yr") : left;
      if (line.contains("\"kind\":\"end\"")) {
        kept.add(
            "{\"checkpoints\":%d,\"kind\":\"end\",\"rows\":%d,\"streams\":%d}"
                .formatted(counts.get("checkpoint"), counts.get("row"), counts.get("stream")));
      } else if (!left) {
        kept.add(line);
        counts.merge(line.split("\"", 5)[3], 1, Integer::sum);
      }
    }
    Path witness = temp.resolve("witness-without");
    LogFixture.copy(fixture.witness, witness);
    for (String folder : List.of(SOX, "gate1-2-sox_7yr", "fleet/gate1-sox_7yr")) {
      remove(witness.resolve(folder));
    }
    judged("class-left-out", String.join("\n", kept) + "\n", firstKeys, witness, SOX + "/0");
    StringBuilder table = new StringBuilder();
    verdicts.forEach(
        (name, verdict) -> table.append(name).append('\t').append(verdict).append('\n'));
    Files.writeString(LEFT.resolve("verdicts.tsv"), table);
    Files.writeString(LEFT.resolve("keys.pub"), firstKeys);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private void judged(String name, String text, String trusted, Path witness, String expected)
      throws IOException {
    Path file = LEFT.resolve(name + ".ndjson");
    Files.writeString(file, text);
    Path left = LEFT.resolve(name + ".witness");
    if (Files.exists(left)) {
      remove(left);
    }
    LogFixture.copy(witness, left);
    AuditReport report =
        AuditExport.verify(file, Optional.of(witness), Optional.of(trusted), _ -> {});
    String found =
        switch (report) {
          case Sound _ -> "sound";
          case Broken broken -> broken.row().stream() + "/" + broken.row().seq();
        };
    assertThat(found).as("%s: %s", name, report).isEqualTo(expected);
    verdicts.put(name, expected);
  }
}
