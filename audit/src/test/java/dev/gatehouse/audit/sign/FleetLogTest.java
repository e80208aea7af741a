package dev.gatehouse.audit.sign;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.note.FleetCheckpoint;
import dev.gatehouse.audit.note.KeyFiles;
import dev.gatehouse.audit.note.StreamTip;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.witness.WitnessDirectory;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetLogTest {

  private static final String LOG = "fleet/gate1-standard";

  @TempDir Path temp;
  LogFixture fixture;
  WitnessDirectory witness;
  Path state;

  @BeforeEach
  void aDirectory() {
    fixture = new LogFixture(temp);
    witness = new WitnessDirectory(fixture.witness);
    state = fixture.dir.resolve("fleet/gate1-standard.state");
  }

  private FleetCheckpoint said(int number) throws IOException {
    return witness.readFleet(LOG, number);
  }

  private List<String> named(int number) throws IOException {
    return said(number).tips().stream().map(tip -> tip.stream().toString()).toList();
  }

  @Test
  void eachCheckpointNamesTheStreamsThatMoved() throws Exception {
    fixture.open("gate2").close();
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
      Checkpoint second = log.checkpoint();
      assertThat(named(1)).containsExactly("gate1-1-standard", "gate2-1-standard");
      assertThat(named(2)).containsExactly("gate1-1-standard");
      StreamTip own = said(2).tips().getFirst();
      assertThat(own.rows()).isEqualTo(second.rows());
      assertThat(own.link()).isEqualTo(second.link());
      try (SegmentAuditLog _ = fixture.open("gate2")) {
        durable(log, event(2));
        log.checkpoint();
        assertThat(named(3)).containsExactly("gate1-1-standard", "gate2-2-standard");
      }
      durable(log, event(3));
      log.checkpoint();
      assertThat(named(4)).containsExactly("gate1-1-standard", "gate2-2-standard");
    }
    assertThat(witness.last(LOG)).isEqualTo(5);
    fixture.sound();
  }

  @Test
  void theLogGoesOnThroughStartsAlsoWithoutWhatWasRemembered() throws Exception {
    fixture.open().close();
    fixture.open().close();
    assertThat(witness.last(LOG)).isEqualTo(4);
    Files.delete(state);
    fixture.open().close();
    Files.writeString(state, "nonsense\n");
    fixture.open().close();
    assertThat(witness.last(LOG)).isEqualTo(8);
    assertThat(named(7)).containsExactly("gate1-4-standard");
    fixture.sound();
  }

  @Test
  void aStateFromBeforeTheLastCheckpointsIsCaughtUpWith() throws Exception {
    fixture.open().close();
    String early = Files.readString(state);
    fixture.open().close();
    Files.writeString(state, early);
    fixture.open().close();
    fixture.sound();
  }

  @Test
  void aWitnessThatLostItsLastCheckpointsStopsTheStart() throws Exception {
    fixture.open().close();
    Files.delete(witness.note(LOG, 2));
    assertThatThrownBy(fixture::open)
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessageContaining("2 checkpoints of this log were kept, and 1 are here");
  }

  @Test
  void aStreamThatEndedAndIsGoneStopsTheStart() throws Exception {
    fixture.open("gate2").close();
    fixture.open().close();
    try (var files = Files.walk(fixture.dir.resolve("streams/gate2-1-standard"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    assertThatThrownBy(fixture::open)
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessageContaining("gate2-1-standard")
        .hasMessageContaining("the stream is gone");
  }

  @Test
  void aClockThatIsSetBackDoesNotTakeTheLogBack() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      fixture.clock.advance(Duration.ofHours(1));
      log.checkpoint();
      fixture.clock.advance(Duration.ofMinutes(-30));
      durable(log, event(1));
      log.checkpoint();
      assertThat(said(3).at()).isEqualTo(said(2).at());
    }
    fixture.sound();
  }

  @Test
  void aChangeOfKeysIsSaidInTheLogAlsoWhenItsStartIsRepeated() throws Exception {
    fixture.open().close();
    new KeyFiles(fixture.dir.resolve("keys")).prepare();
    fixture.open().close();
    assertThat(said(3).rotation()).isPresent();
    assertThat(said(4).rotation()).isEmpty();
    Path statement = fixture.dir.resolve("keys/rotation.json");
    assertThat(statement).doesNotExist();
    Files.writeString(statement, said(3).rotation().orElseThrow()); // as if it had not got there
    fixture.open().close();
    assertThat(said(5).rotation()).isEqualTo(said(3).rotation());
    fixture.sound();
  }

  @Test
  void moreStreamsThanOneCheckpointNamesWaitForTheNext() throws Exception {
    for (String node : List.of("gate2", "gate3", "gate4")) {
      fixture.open(node).close();
    }
    AuditLayout layout = new AuditLayout(fixture.dir);
    CheckpointKey key = CheckpointKey.loadOrCreate(layout.keys(), "unused");
    FleetLog fleet = FleetLog.open(layout, witness, "other-standard", fixture.clock, 2);
    Checkpoint own = witness.read("gate2-1-standard", 2, key.verifierKeys());
    assertThat(fleet.take(own, key, Optional.empty()).tips()).hasSize(2);
    assertThat(fleet.take(own, key, Optional.empty()).tips()).hasSize(1);
    assertThat(fleet.take(own, key, Optional.empty()).tips()).isEmpty();
  }
}
