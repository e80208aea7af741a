package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.note.SigningKey;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.segment.TailJudge;
import dev.gatehouse.audit.verify.AuditReport.Broken;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.audit.witness.WitnessDirectory;
import dev.gatehouse.audit.write.LogStatus;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  @TempDir Path temp;
  LogFixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new LogFixture(temp);
  }

  private Path note(int number) {
    return new WitnessDirectory(fixture.witness).note("gate1-1-standard", number);
  }

  @Test
  void oneIsSignedAtTheStartAndOneOverTheSeal() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
      assertThat(log.state().lastCheckpoint().orElseThrow().rows()).isEqualTo(1);
    }
    assertThat(Files.readString(note(2)).lines().toList().get(1)).isEqualTo("4");
    assertThat(fixture.sound().counts().checkpoints()).isEqualTo(2);
  }

  @Test
  void theyComeByThemselvesEvenWhenNothingHappens() {
    AuditConfig slow = fixture.config();
    AuditConfig quick =
        new AuditConfig(
            slow.dir(),
            slow.node(),
            slow.retention(),
            slow.witnessDir(),
            slow.segmentBytes(),
            slow.rowBytesMax(),
            slow.queueRowsMax(),
            slow.queueBytesMax(),
            slow.openCallsMax(),
            Duration.ofMillis(20),
            false,
            slow.s3(),
            slow.clock(),
            slow.personal(),
            slow.stamps());
    try (SegmentAuditLog log = SegmentAuditLog.open(quick)) {
      await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(note(4)));
      assertThat(log.state().checkpointFailure()).isEmpty();
    }
  }

  @Test
  void aChangedNoteIsRefused() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
    }
    for (int number = 1; number <= 2; number++) {
      byte[] note = Files.readAllBytes(note(number));
      int signatures = new String(note, StandardCharsets.ISO_8859_1).indexOf("\n\n");
      for (int at = 0; at < note.length; at += at < signatures ? 1 : 7) {
        note[at] ^= 1;
        Files.write(note(number), note);
        assertThat(fixture.verify()).as("note %d byte %d", number, at).isInstanceOf(Broken.class);
        note[at] ^= 1;
      }
      Files.write(note(number), note);
    }
    fixture.sound();
  }

  @Test
  void aRemovedOrForeignNoteIsRefused() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
      log.checkpoint();
    }
    byte[] first = Files.readAllBytes(note(1));
    Files.delete(note(1));
    assertThat(fixture.broken().what()).contains("is missing");
    Files.copy(note(2), note(1));
    assertThat(fixture.broken().what()).contains("another checkpoint under this name");
    Files.write(note(1), first);
    fixture.sound();
  }

  @Test
  void aNoteSignedByAKeyThatIsNotTrustedIsRefused() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
    }
    LogFixture other = new LogFixture(Files.createDirectory(temp.resolve("other")));
    other.open().close();
    String ours = Files.readString(fixture.dir.resolve("keys/checkpoint.pub"));
    String theirs = Files.readString(other.dir.resolve("keys/checkpoint.pub"));
    assertThat(AuditVerifier.verify(fixture.dir, fixture.witness, ours)).isInstanceOf(Sound.class);
    assertThat(AuditVerifier.verify(fixture.dir, fixture.witness, theirs))
        .isInstanceOf(Broken.class);
  }

  @Test
  void aDiskThatNoLongerHoldsWhatWasWrittenPoisonsTheLog() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < 5; i++) {
        durable(log, event(i));
      }
      TamperTest.flip(fixture.segment(1, 0), TailJudge.dataEnd(fixture.segment(1, 0), 0) - 5, 2);
      assertThatThrownBy(log::checkpoint)
          .isInstanceOf(AuditUnavailableException.class)
          .hasMessageContaining("does not hold what was written");
      assertThat(log.state().status()).isEqualTo(LogStatus.POISONED);
      assertThatThrownBy(() -> log.append(event(9))).isInstanceOf(AuditUnavailableException.class);
    }
    assertThat(note(2)).doesNotExist();
  }

  @Test
  void aWitnessThatTakesNothingIsReportedAndDoesNotStopRows() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      Files.createFile(note(2));
      assertThatThrownBy(log::checkpoint).isInstanceOf(AuditUnavailableException.class);
      assertThat(log.state().checkpointFailure()).contains("00000002.note");
      durable(log, event(1));
      Files.delete(note(2));
      log.checkpoint();
      assertThat(log.state().checkpointFailure()).isEmpty();
    }
    fixture.sound();
  }

  @Test
  void aCheckpointThatIsLateByTwoIntervalsIsStated() {
    try (SegmentAuditLog log = fixture.open()) {
      fixture.clock.advance(Duration.ofHours(2));
      assertThat(log.state().checkpointLate()).isFalse();
      fixture.clock.advance(Duration.ofSeconds(1));
      assertThat(log.state().checkpointLate()).isTrue();
      assertThat(log.state().open()).isTrue();
      durable(log, event(1));
      log.checkpoint();
      assertThat(log.state().checkpointLate()).isFalse();
    }
  }

  @Test
  void aLogThatIsToldToRefusesRowsWhileItsCheckpointIsLate() throws Exception {
    fixture.refuseWhenLate = true;
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c1"));
      fixture.clock.advance(Duration.ofHours(3));
      assertThatThrownBy(() -> log.append(event(2)))
          .isInstanceOf(AuditUnavailableException.class)
          .hasMessageContaining("refuse_when_late");
      assertThat(log.state().open()).isFalse();
      durable(log, outcome("c1")); // what runs already is recorded
      log.checkpoint();
      durable(log, event(2));
    }
    fixture.sound();
  }

  @Test
  void aLogWhoseFirstCheckpointCannotBeKeptDoesNotOpenAndLetsGo() throws Exception {
    Files.createDirectories(fixture.witness);
    Path inTheWay = Files.createFile(fixture.witness.resolve("gate1-1-standard"));
    assertThatThrownBy(fixture::open)
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessageContaining("gate1-1-standard");
    Files.delete(inTheWay);
    fixture.open().close();
    fixture.sound();
  }

  @Test
  void theKeyIsMadeOnceAndForItsOwnerOnly() throws Exception {
    fixture.open().close();
    Path key = fixture.dir.resolve("keys/checkpoint.key");
    String made = Files.readString(key);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    fixture.open().close();
    assertThat(Files.readString(key)).isEqualTo(made);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(fixture::open)
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessageContaining("chmod 600");
  }

  /** The example of Go's {@code golang.org/x/mod/sumdb/note}. */
  @Test
  void signaturesAreThoseOfGoNotes() {
    VerifierKey key =
        VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    String text =
        """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.
        """;
    String signature =
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
    byte[] bare = Arrays.copyOfRange(Base64.getDecoder().decode(signature), 4, 68);
    byte[] message = text.getBytes(StandardCharsets.UTF_8);
    assertThat(key.verifies(message, bare)).isTrue();
    assertThat(key.verifies((text + "\n").getBytes(StandardCharsets.UTF_8), bare)).isFalse();
    SigningKey signer =
        SigningKey.parse(
            "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
    assertThat(signer.sign(message)).isEqualTo(bare);
    assertThat(signer.verifierKey()).isEqualTo(key);
  }

  @Test
  void aNoteNeedsBothSignatures() throws Exception {
    fixture.open().close();
    String note = Files.readString(note(1));
    List<String> lines = note.lines().toList();
    assertThat(lines).hasSize(9);
    for (int dropped = 7; dropped < 9; dropped++) {
      List<String> kept = new ArrayList<>(lines);
      kept.remove(dropped);
      Files.writeString(note(1), String.join("\n", kept) + "\n");
      assertThat(fixture.broken().what()).contains("no known key of kind");
    }
  }

  /** The test vectors of Certificate Transparency. */
  @Test
  void treeHeadsAreThoseOfRfc6962() {
    List<String> leaves =
        List.of(
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f");
    List<String> heads =
        List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    MerkleTree tree = new MerkleTree(new ChainHasher());
    for (int i = 0; i < leaves.size(); i++) {
      byte[] leaf = HexFormat.of().parseHex("00" + leaves.get(i));
      tree.append(ChainHasher.sha256().digest(leaf));
      assertThat(HexFormat.of().formatHex(tree.root())).isEqualTo(heads.get(i));
    }
  }
}
