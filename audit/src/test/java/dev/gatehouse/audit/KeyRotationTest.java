package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.intent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.audit.note.KeyFiles;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the keys that sign checkpoints, on the directory itself; MutationTest forges them. */
class KeyRotationTest {

  @TempDir Path temp;
  LogFixture fixture;
  Path keys;

  @BeforeEach
  void aDirectory() {
    fixture = new LogFixture(temp);
    keys = fixture.dir.resolve("keys");
  }

  private List<String> events() throws IOException {
    return fixture.rows().stream().map(row -> String.valueOf(row.fields().get("event"))).toList();
  }

  @Test
  void theNextStartSignsWithTheNewKeyAndRecordsIt() throws Exception {
    fixture.open().close();
    String firstPublic = Files.readString(keys.resolve("checkpoint.pub"));
    String firstKey = Files.readString(keys.resolve("checkpoint.key"));
    new KeyFiles(keys).prepare();
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
      log.checkpoint();
    }
    fixture.open().close();

    fixture.sound();
    assertThat(events()).containsOnlyOnce(ControlRows.KEY_ROTATED);
    assertThat(AuditVerifier.verify(fixture.dir, fixture.witness, firstPublic))
        .as("the chain of keys leads on from the first")
        .isInstanceOf(Sound.class);
    assertThat(AuditVerifier.verify(fixture.dir)).isInstanceOf(Sound.class);
    Path key = keys.resolve("checkpoint.key");
    assertThat(Files.readString(key)).isNotEqualTo(firstKey);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(keys.resolve("checkpoint.next")).doesNotExist();
    assertThat(keys.resolve("rotation.json")).doesNotExist();
    assertThat(Files.readAllLines(keys.resolve("checkpoint.pub"))).hasSize(4);
  }

  @Test
  void keysChangeWhileRowsAreWrittenAndCheckpointsTaken() throws Exception {
    String firstPublic;
    try (SegmentAuditLog log = fixture.open()) {
      firstPublic = Files.readString(keys.resolve("checkpoint.pub"));
      AtomicBoolean done = new AtomicBoolean();
      CompletableFuture<Void> beside =
          CompletableFuture.runAsync(
              () -> {
                while (!done.get()) {
                  durable(log, event(1));
                  log.checkpoint();
                }
              });
      Set<String> ids = new HashSet<>();
      for (int change = 0; change < 3; change++) {
        ids.add(log.rotateKey("ann").key());
      }
      done.set(true);
      beside.get(20, TimeUnit.SECONDS);
      assertThat(ids).hasSize(3);
      log.checkpoint();
    }
    fixture.open().close();

    fixture.sound();
    assertThat(events()).filteredOn(ControlRows.KEY_ROTATED::equals).hasSize(3);
    assertThat(fixture.rows())
        .filteredOn(row -> row.fields().containsValue(ControlRows.ROTATION_ORDERED))
        .extracting(row -> row.fields().get("by"))
        .containsExactly("ann", "ann", "ann");
    assertThat(AuditVerifier.verify(fixture.dir, fixture.witness, firstPublic))
        .as("the chain of keys leads on from the first")
        .isInstanceOf(Sound.class);
    assertThat(Files.readAllLines(keys.resolve("checkpoint.pub"))).hasSize(8);
    assertThat(keys.resolve("rotation.json")).doesNotExist();
    assertThat(Files.readAllLines(keys.resolve("checkpoint.key"))).hasSize(2);
  }

  @Test
  void aChangeThatIsInterruptedBehindItsRowIsRepeatedByTheNextStart() throws Exception {
    LogFixture crashed = new LogFixture(Files.createDirectory(temp.resolve("crashed")));
    try (SegmentAuditLog log = fixture.open()) {
      new KeyFiles(keys).prepare();
      Files.createDirectories(crashed.dir);
      Path statement = keys.resolve("rotation.json");
      var _ = new KeyFiles(keys).rotateNow();
      Path kept = Files.copy(statement, temp.resolve("statement"));
      log.rotateKey("ann"); // goes on with what was begun
      LogFixture.copy(fixture.dir.resolve("streams"), crashed.dir.resolve("streams"));
      LogFixture.copy(keys, crashed.dir.resolve("keys"));
      LogFixture.copy(fixture.witness, crashed.witness);
      Files.copy(kept, crashed.dir.resolve("keys/rotation.json"));
    }
    crashed.open().close();

    crashed.sound();
    assertThat(crashed.rows())
        .extracting(row -> row.fields().get("event"))
        .filteredOn(ControlRows.KEY_ROTATED::equals)
        .hasSize(2);
  }

  @Test
  void aChangeWhoseCheckpointIsNotKeptGoesOnWhenItIsOrderedAgain() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      Path notes = fixture.witness.resolve("gate1-1-standard");
      Path aside = temp.resolve("aside");
      Files.move(notes, aside);
      Files.writeString(notes, "in the way");
      assertThatThrownBy(() -> log.rotateKey("ann")).isInstanceOf(AuditUnavailableException.class);
      Files.delete(notes);
      Files.move(aside, notes);
      durable(log, event(1));
      log.rotateKey("ann");
      assertThat(keys.resolve("rotation.json")).doesNotExist();
    }
    fixture.sound();
    assertThat(events()).containsOnlyOnce(ControlRows.KEY_ROTATED);
  }

  @Test
  void aStrangersKeyInPlaceOfOursIsRefused() throws Exception {
    fixture.open().close();
    LogFixture other = new LogFixture(Files.createDirectory(temp.resolve("other")));
    other.open().close();
    LogFixture copy = new LogFixture(Files.createDirectory(temp.resolve("copy")));
    LogFixture.copy(fixture.dir, copy.dir);
    LogFixture.copy(fixture.witness, copy.witness);
    for (String file : List.of("checkpoint.key", "checkpoint.pub")) {
      Files.copy(
          other.dir.resolve("keys").resolve(file),
          copy.dir.resolve("keys").resolve(file),
          StandardCopyOption.REPLACE_EXISTING);
    }

    assertThatThrownBy(copy::open)
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessageContaining("was last signed with other keys")
        .hasMessageContaining("put them back");
    copy.sound();
  }

  @Test
  void aStartThatIsInterruptedAtAnyStepIsRepeated() throws Exception {
    fixture.open().close();
    new KeyFiles(keys).prepare();
    // The first start ends before its row is durable; the statement stays.
    Map<String, Object> statement = new KeyFiles(keys).rotate().orElseThrow();
    assertThat(new KeyFiles(keys).rotate()).contains(statement);
    assertThatIOException()
        .isThrownBy(() -> new KeyFiles(keys).prepare())
        .withMessageContaining("waits for the next start");
    Path kept = temp.resolve("statement");
    Files.copy(keys.resolve("rotation.json"), kept);
    fixture.open().close();
    fixture.sound();
    // The second ends when the row is durable and the statement is not yet removed.
    Files.copy(kept, keys.resolve("rotation.json"));
    fixture.open().close();

    fixture.sound();
    assertThat(events()).filteredOn(ControlRows.KEY_ROTATED::equals).hasSize(2);
  }

  @Test
  void keysChangeAfterACrashToo() throws Exception {
    LogFixture crashed = new LogFixture(Files.createDirectory(temp.resolve("crashed")));
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c1"));
      LogFixture.copy(fixture.dir, crashed.dir);
      LogFixture.copy(fixture.witness, crashed.witness);
    }
    new KeyFiles(crashed.dir.resolve("keys")).prepare();
    crashed.open().close();

    crashed.sound();
    assertThat(crashed.rows())
        .filteredOn(row -> row.receipt().stream().equals("gate1-2-standard"))
        .extracting(row -> row.fields().get("event"))
        .startsWith(ControlRows.OPENED, ControlRows.RECOVERED, ControlRows.KEY_ROTATED);
  }

  @Test
  void aKeyThatIsLostIsNotReplacedInSilence() throws Exception {
    fixture.open().close();
    Files.delete(keys.resolve("checkpoint.key"));

    assertThatThrownBy(fixture::open)
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessageContaining("is gone");
    assertThatIOException().isThrownBy(() -> new KeyFiles(keys).prepare());
  }
}
