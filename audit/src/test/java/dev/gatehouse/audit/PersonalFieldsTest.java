package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.disk.LocalDisk;
import dev.gatehouse.audit.personal.Disclosure;
import dev.gatehouse.audit.personal.Disclosures;
import dev.gatehouse.audit.personal.PersonalFields;
import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.personal.SubjectKeys;
import dev.gatehouse.audit.personal.Vault;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.write.LogStatus;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.SubjectErasure.Erased;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that commit to what may have to be forgotten. */
class PersonalFieldsTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path temp;
  LogFixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new LogFixture(temp);
    fixture.personal = new PersonalFields(Set.of("owner", "notes"), "agent");
  }

  private static AuditRow intent(String call, String agent, String owner) {
    Map<String, Object> row = new HashMap<>();
    row.put("type", "intent");
    row.put("call_id", call);
    row.put("verdict", "allow");
    row.put("agent", agent);
    row.put("owner", owner);
    row.put("notes", List.of(Map.of("n", 9_007_199_254_740_991L), "ä\u2028"));
    return new AuditRow(row);
  }

  private static Erased erase(SegmentAuditLog log, String subject) throws Exception {
    return log.erase(subject, "ann", "a person asked")
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private Map<String, Object> shown(AuditReceipt receipt) throws IOException {
    for (StoredRow row : fixture.rows()) {
      if (row.receipt().equals(receipt)) {
        return Reveal.of(fixture.dir).row(row).fields();
      }
    }
    throw new AssertionError("no row " + receipt);
  }

  /** Every byte below the audit directory, as text. */
  private String everything() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(fixture.dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    return all.toString();
  }

  @Test
  void theRecordHoldsNothingOfAPersonalValueAndShowsIt() throws Exception {
    AuditReceipt row;
    try (SegmentAuditLog log = fixture.open()) {
      row = durable(log, intent("c1", "a1", "ann@example.com"));
      durable(log, outcome("c1"));
    }

    assertThat(everything()).doesNotContain("ann@example.com", "9007199254740991");
    assertThat(shown(row))
        .containsEntry("owner", "ann@example.com")
        .containsEntry("notes", List.of(Map.of("n", 9_007_199_254_740_991L), "ä\u2028"))
        .doesNotContainKey("committed");
    fixture.sound();
  }

  @Test
  void aDirectorysValuesAreHeldAgainstTheirRowsWhenItIsVerified() throws Exception {
    AuditReceipt row;
    try (SegmentAuditLog log = fixture.open()) {
      row = durable(log, intent("c1", "a1", "ann@example.com"));
      durable(log, intent("c2", "a2", "bob@example.com"));
      durable(log, outcome("c1"));
      durable(log, outcome("c2"));
      erase(log, "a2");
    }
    assertThat(fixture.sound().notes())
        .anyMatch(note -> note.contains("1 have theirs here, 1 had them erased, 0 have none here"));

    // Somebody who has the subject's key lets the row say something else.
    Path vault = Reveal.vaults(fixture.dir).resolve(row.stream());
    try (Stream<Path> files = Files.list(vault)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Disclosures other =
        new Disclosures(
            "a1", List.of(new Disclosure("s".repeat(22), "owner", "eve@example.com").text()));
    SubjectKeys subjects = new SubjectKeys(Reveal.subjects(fixture.dir));
    try (Vault forged = new Vault(new LocalDisk(), vault, row.stream(), subjects)) {
      forged.makeRoom(row.seq(), other.bytesMax());
      forged.keep(List.of(Vault.Row.of(row.seq(), other)), other.bytesMax());
    }
    assertThat(fixture.broken().seq()).isEqualTo(row.seq());
    assertThat(fixture.broken().what()).contains("disclosure of 'owner'");
  }

  @Test
  void equalValuesHaveDifferentCommitments() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c1", "a1", "ann@example.com"));
      durable(log, intent("c2", "a1", "ann@example.com"));
    }

    assertThat(fixture.rows())
        .map(row -> row.fields().get("committed"))
        .filteredOn(commitments -> commitments != null)
        .hasSizeGreaterThanOrEqualTo(2)
        .doesNotHaveDuplicates();
  }

  @Test
  void anErasureForgetsTheSubjectsValuesAndNothingElse() throws Exception {
    AuditReceipt first;
    AuditReceipt others;
    AuditReceipt later;
    Erased erased;
    try (SegmentAuditLog log = fixture.open()) {
      first = durable(log, intent("c1", "a1", "ann@example.com"));
      others = durable(log, intent("c2", "a2", "bob@example.com"));
    }
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c3", "a1", "ann@example.com"));
      erased = erase(log, "a1");
      later = durable(log, intent("c4", "a1", "eve@example.com"));
    }

    assertThat(shown(first)).containsEntry("owner", "(erased)").containsEntry("notes", "(erased)");
    assertThat(shown(others)).containsEntry("owner", "bob@example.com");
    assertThat(shown(later)).containsEntry("owner", "eve@example.com");
    assertThat(shown(erased.row()))
        .containsEntry("event", "audit.erased")
        .containsEntry("key", erased.key())
        .containsEntry("by", "ann")
        .containsEntry("reason", "a person asked");
    assertThat(everything()).doesNotContain("\"a1\",\"by\"");
    fixture.sound();
  }

  @Test
  void aSubjectAboutWhichNothingIsKeptCannotBeErased() {
    try (SegmentAuditLog log = fixture.open()) {
      assertThat(log.erase("a9", "ann", "why").toCompletableFuture())
          .failsWithin(SOON)
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aVaultThatFindsNoRoomRefusesRowsAndRecovers() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    try (SegmentAuditLog log = LogOpener.open(fixture.config(), disk)) {
      assertThat(log.awaitIdle(SOON)).isTrue();
      disk.failCreates = true;
      assertThat(log.append(intent("c1", "a1", "ann@example.com")).toCompletableFuture())
          .failsWithin(SOON);
      assertThat(log.state().status()).isEqualTo(LogStatus.FULL);
      disk.failCreates = false;
      await().atMost(SOON).until(() -> log.state().open());
      AuditReceipt row = durable(log, intent("c1", "a1", "ann@example.com"));
      assertThat(shown(row)).containsEntry("owner", "ann@example.com");
      assertThat(log.state().openCalls()).isOne();
    }
    fixture.sound();
  }

  @Test
  void aDisclosureThatCannotBeKeptPoisonsTheLog() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    SegmentAuditLog log = LogOpener.open(fixture.config(), disk);
    AuditReceipt kept = durable(log, intent("c1", "a1", "ann@example.com"));
    disk.failWrites = true;
    assertThat(log.append(intent("c2", "a1", "ann@example.com")).toCompletableFuture())
        .failsWithin(SOON);
    assertThat(log.state().status()).isEqualTo(LogStatus.POISONED);
    log.close();
    fixture.open().close();

    assertThat(shown(kept)).containsEntry("owner", "ann@example.com");
    fixture.sound();
  }

  @Test
  void whatPairsAndFindsRowsStaysInClear() {
    for (String name : List.of("agent", "call_id", "type", "verdict", "Owner", "")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new PersonalFields(Set.of(name), "agent"))
          .withMessageContaining("'" + name + "'");
    }
  }

  @Test
  void disclosuresAreThoseOfRfc9901() {
    // Examples of RFC 9901 section 4.2; the first has a salt shorter than ours.
    String text = "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";

    assertThat(
            Disclosure.digest(
                "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"))
        .isEqualTo("X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
    assertThat(Disclosure.digest(text)).isEqualTo("uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY");
    assertThatIllegalArgumentException().isThrownBy(() -> Disclosure.parse(text));
    assertThat(Disclosure.parse(new Disclosure("s".repeat(22), "n", 5).text()).value())
        .isEqualTo(5);
  }
}
