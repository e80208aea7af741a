package dev.gatehouse.policy.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.fleet.SharedNotes;
import dev.gatehouse.core.stop.StopDrills.Result;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.stop.StopScope.Labelled;
import dev.gatehouse.core.stop.StopScope.OneConnector;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Exercises: stopped, confirmed, lifted, on record. */
class LiveDrillsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final StopScope TICKETS = new OneConnector("tickets");

  private final MemoryAuditLog audit = new MemoryAuditLog();
  private final LiveKillSwitch killSwitch =
      new LiveKillSwitch(audit, new ManualClock(), StopKeeper.forgetful());
  private final Wire wire = new Wire();

  @AfterEach
  void close() {
    killSwitch.close();
  }

  @Test
  void withoutAFleetThisProcessIsAllThatConfirms() {
    Result.Done done = (Result.Done) drill(Optional.empty());
    assertThat(done.nodes()).extracting(NoteCarrier.Confirmation::node).containsExactly("local");
    assertThat(done.complete()).isTrue();
    assertThat(done.lifted()).isTrue();
    assertThat(killSwitch.stops()).isEmpty();
  }

  @Test
  void everyExerciseStopsALabelThatNoAgentCarries() {
    Labelled one = (Labelled) ((Result.Done) drill(Optional.empty())).scope();
    Labelled other = (Labelled) ((Result.Done) drill(Optional.empty())).scope();
    assertThat(one.labels()).containsOnlyKeys("gatehouse-drill").isNotEqualTo(other.labels());
  }

  @Test
  void whatIsReallyStoppedIsRefusedUntilAllHaveConfirmed() {
    killSwitch.share(wire);
    CompletableFuture<Result> drill =
        killSwitch
            .drills()
            .drill(Optional.of(TICKETS), "monthly", "ann", PATIENCE)
            .toCompletableFuture();
    assertThat(refused()).isTrue();
    assertThat(drill).isNotDone();

    wire.answer.complete(
        List.of(
            new NoteCarrier.Confirmation("two", Optional.of(Duration.ofMillis(9))),
            new NoteCarrier.Confirmation("three", Optional.empty())));

    Result.Done done = (Result.Done) drill.orTimeout(20, TimeUnit.SECONDS).join();
    assertThat(refused()).isFalse();
    assertThat(done.complete()).isFalse();
    assertThat(done.nodes()).hasSize(3);
    assertThat(audit.rows("event"))
        .extracting(row -> row.get("event"))
        .containsExactly("kill_switch.stopped", "kill_switch.lifted", "stop.drill");
    assertThat(audit.rows("event").getLast())
        .containsEntry("scope", Map.of("connector", "tickets"))
        .containsEntry("operator", "ann")
        .containsEntry("reason", "monthly")
        .containsEntry("lifted", true)
        .hasEntrySatisfying(
            "nodes",
            nodes ->
                assertThat(nodes)
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                    .contains(
                        Map.of("node", "two", "took_ms", 9L),
                        Map.of("node", "three", "confirmed", false)));
  }

  @Test
  void whatIsStoppedAlreadyIsNotDrilledSinceItWouldBeLifted() {
    join(killSwitch.stop(TICKETS, "incident 7", "ann"));
    assertThat(drill(Optional.of(TICKETS))).isInstanceOf(Result.Refused.class);
    assertThat(refused()).isTrue();
  }

  @Test
  void aStopThatIsOrderedDuringAnExerciseStaysWhenItEnds() {
    killSwitch.share(wire);
    CompletableFuture<Result> drill =
        killSwitch
            .drills()
            .drill(Optional.of(TICKETS), "monthly", "ann", PATIENCE)
            .toCompletableFuture();
    join(killSwitch.stop(TICKETS, "incident 7", "ann"));
    wire.answer.complete(List.of());
    assertThat(drill.orTimeout(20, TimeUnit.SECONDS).join()).isInstanceOf(Result.Done.class);
    assertThat(refused()).isTrue();
  }

  @Test
  void anExerciseThatCannotBeRecordedFailsAndWhatItStoppedStays() {
    audit.fail();
    assertThat(
            killSwitch
                .drills()
                .drill(Optional.of(TICKETS), "monthly", "ann", PATIENCE)
                .toCompletableFuture())
        .failsWithin(Duration.ofSeconds(20));
    assertThat(refused()).isTrue();
  }

  @Test
  void anExerciseNeedsAReason() {
    assertThatThrownBy(() -> drill(" ")).hasMessage("the kill switch needs a reason");
    assertThat(killSwitch.stops()).isEmpty();
  }

  private boolean refused() {
    return killSwitch.stopped(Calls.closing(Calls.TRIAGE, "T-1"), Optional.empty()).isPresent();
  }

  private Result drill(Optional<StopScope> real) {
    return join(killSwitch.drills().drill(real, "monthly", "ann", PATIENCE));
  }

  private Result drill(String reason) {
    return join(killSwitch.drills().drill(Optional.empty(), reason, "ann", PATIENCE));
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** A fleet that confirms when the test says so. */
  private static final class Wire implements NoteCarrier {

    private final CompletableFuture<List<Confirmation>> answer = new CompletableFuture<>();

    @Override
    public String node() {
      return "one";
    }

    @Override
    public void carry(SharedNotes stops) {}

    @Override
    public void changed() {}

    @Override
    public CompletionStage<List<Confirmation>> confirmed(String id, Duration patience) {
      return answer;
    }

    @Override
    public boolean settled() {
      return true;
    }

    @Override
    public Duration silence() {
      return Duration.ZERO;
    }
  }
}
