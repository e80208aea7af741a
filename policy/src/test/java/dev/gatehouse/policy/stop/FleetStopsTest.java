package dev.gatehouse.policy.stop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.stop.StopScope.Everything;
import dev.gatehouse.core.stop.StopScope.OneAgent;
import dev.gatehouse.core.stop.StopScope.OneConnector;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.policy.HandCarrier;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Switches of several processes and what is carried between them, now and then late or twice. */
class FleetStopsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final StopScope TICKETS = new OneConnector("tickets");

  private final List<Peer> peers = new ArrayList<>();
  private final Peer one = new Peer("one", StopKeeper.forgetful());
  private final Peer two = new Peer("two", StopKeeper.forgetful());

  @AfterEach
  void close() {
    peers.forEach(Peer::close);
  }

  @Test
  void aStopHoldsInTheOtherProcessAndItsRowSaysWhereItWasOrdered() {
    one.stop(TICKETS);
    assertThat(two.refuses()).isFalse();
    one.tells(two);

    assertThat(two.refuses()).isTrue();
    assertThat(two.audit.rows("event"))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("event", "kill_switch.stopped")
                    .containsEntry("from", "one")
                    .containsEntry("operator", "ann")
                    .containsEntry("reason", "incident 7")
                    .containsEntry("scope", Map.of("connector", "tickets"))
                    .containsEntry("order", one.audit.rows("event").getFirst().get("order")));
    assertThat(one.audit.rows("event").getFirst()).doesNotContainKey("from");
  }

  @Test
  void aLiftHoldsInTheOtherProcessToo() {
    one.stop(TICKETS);
    one.tells(two);
    assertThat(two.lift(TICKETS)).isTrue();
    two.tells(one);

    one.untilOpen();
    assertThat(one.audit.rows("event").getLast())
        .containsEntry("event", "kill_switch.lifted")
        .containsEntry("from", "two");
  }

  @Test
  void whatIsToldTwiceLeavesOneRow() {
    one.stop(TICKETS);
    one.tells(two);
    one.tells(two);
    two.tells(one);
    assertThat(two.audit.rows("event")).hasSize(1);
    assertThat(one.audit.rows("event")).hasSize(1);
  }

  @Test
  void aProcessThatComesBackLateDoesNotBringBackWhatWasLifted() {
    one.stop(TICKETS);
    one.tells(two);
    List<FleetNote> stale = two.notes();
    one.lift(TICKETS);

    one.hears(stale);

    assertThat(one.refuses()).isFalse();
    one.tells(two);
    two.untilOpen();
  }

  @Test
  void aLiftThatArrivesBeforeItsStopWins() {
    one.stop(TICKETS);
    List<FleetNote> stop = one.notes();
    one.lift(TICKETS);
    one.tells(two);
    two.hears(stop);
    assertThat(two.refuses()).isFalse();
  }

  @Test
  void aLiftDoesNotUndoAStopThatWhoeverLiftedDidNotKnow() {
    one.stop(TICKETS);
    one.tells(two);
    two.stop(TICKETS); // meanwhile, apart
    one.lift(TICKETS);

    one.tells(two);
    two.tells(one);

    assertThat(two.refuses()).isTrue();
    assertThat(one.refuses()).isTrue();
    assertThat(one.killSwitch.stops()).hasSize(1);
  }

  @Test
  void twoOrdersOfOneScopeAreLiftedByOneLiftThatKnowsBoth() {
    one.stop(TICKETS);
    two.stop(TICKETS);
    one.tells(two);
    two.tells(one);
    assertThat(one.lift(TICKETS)).isTrue();
    one.tells(two);
    two.untilOpen();
    assertThat(one.refuses()).isFalse();
    assertThat(two.audit.rows("event"))
        .extracting(row -> row.get("event"))
        .containsExactly("kill_switch.stopped", "kill_switch.stopped", "kill_switch.lifted");
  }

  @Test
  void aSecondOrderTakesThePlaceOfTheFirstWithoutAGap() {
    one.stop(TICKETS);
    one.tells(two);
    one.stop(TICKETS);
    one.tells(two);
    assertThat(two.refuses()).isTrue();
    one.lift(TICKETS);
    one.tells(two);
    two.untilOpen();
  }

  @Test
  void aLiftThatCannotBeRecordedIsTriedAgainAtTheNextLookAndHoldsUntilThen() {
    one.stop(TICKETS);
    one.tells(two);
    one.lift(TICKETS);
    two.audit.hold();
    one.tells(two);
    two.audit.fail();
    two.audit.release();
    assertThat(two.refuses()).isTrue();

    two.audit.mend();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              two.hears(List.of());
              return !two.refuses();
            });
    assertThat(two.audit.rows("event").getLast()).containsEntry("event", "kill_switch.lifted");
  }

  @Test
  void aStopOfTheFleetHoldsThoughItCannotBeRecorded() {
    two.audit.fail();
    one.stop(TICKETS);
    one.tells(two);
    assertThat(two.refuses()).isTrue();
  }

  @Test
  void whatCannotBeReadStopsEverythingUntilEverythingIsLifted() {
    two.hears(
        List.of(new FleetNote("of-a-newer-version", false, "{\"scope\":{\"region\":\"eu\"}}")));
    assertThat(two.killSwitch.stops()).extracting(Stop::scope).containsExactly(new Everything());
    assertThat(two.refuses()).isTrue();
    assertThat(two.lift(new Everything())).isTrue();
    assertThat(two.refuses()).isFalse();
  }

  @Test
  void moreOrdersThanAreHeldStopEverything() {
    two.hears(notes(0, ArrivedStops.ORDERS_MAX));
    assertThat(two.refuses()).isFalse();
    two.hears(notes(ArrivedStops.ORDERS_MAX, ArrivedStops.ORDERS_MAX + 2));
    assertThat(two.refuses()).isTrue();
    assertThat(two.killSwitch.stops()).hasSize(ArrivedStops.ORDERS_MAX + 1);
  }

  private static List<FleetNote> notes(int from, int to) {
    List<FleetNote> notes = new ArrayList<>();
    for (int i = from; i < to; i++) {
      StopOrder order =
          new StopOrder(
              "id-" + i,
              new Stop(new OneAgent(new AgentId("a" + i)), "r", "ann", Instant.EPOCH),
              "x");
      notes.addAll(StopNotes.of(StopLedger.of(List.of(order), List.of())));
    }
    return notes;
  }

  @Test
  void theOldestLiftsAreForgottenAtTheLimitAndTheirStopsThenHoldAgain() {
    StopLedger ledger = StopLedger.EMPTY;
    for (int i = 0; i <= StopLedger.LIFTS_MAX; i++) {
      ledger = ledger.without(List.of(new StopLift("id-" + i, "r", "ann", Instant.EPOCH, "x")));
    }
    assertThat(ledger.lifts()).hasSize(StopLedger.LIFTS_MAX);
    assertThat(ledger.lifted("id-0")).isFalse();
    assertThat(ledger.lifted("id-1")).isTrue();
  }

  @Test
  void whatTheFleetOrderedIsKeptOverARestartAndSoIsWhatItLifted(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("stops.json");
    one.stop(TICKETS);
    List<FleetNote> stop = one.notes();
    try (Peer before = new Peer("three", StopFile.open(file))) {
      before.hears(stop);
      Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(file));
    }
    try (Peer again = new Peer("three", StopFile.open(file))) {
      assertThat(again.refuses()).isTrue();
      one.lift(TICKETS);
      one.tells(again);
      again.untilOpen();
    }
    try (Peer again = new Peer("three", StopFile.open(file))) {
      again.hears(stop);
      assertThat(again.refuses()).isFalse();
    }
  }

  @Test
  void stopsOfTheFirstFormHaveTheSameNameAtEachStart(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("stops.json");
    Files.writeString(
        file,
        """
        {"v":1,"stops":[{"scope":{"connector":"tickets"},"reason":"r","by":"ann","since":"2026-01-01T00:00:00Z"}]}
        """);
    assertThat(StopNotes.of(StopFile.open(file).kept()))
        .hasSize(1)
        .isEqualTo(StopNotes.of(StopFile.open(file).kept()));
  }

  /** A node with a switch, in a fleet in which nothing is carried but by hand. */
  private final class Peer extends HandCarrier implements AutoCloseable {

    private final MemoryAuditLog audit = new MemoryAuditLog();
    private final LiveKillSwitch killSwitch;

    Peer(String name, StopKeeper keeper) {
      super(name);
      this.killSwitch = new LiveKillSwitch(audit, new ManualClock(), keeper);
      killSwitch.share(this);
      peers.add(this);
    }

    void stop(StopScope scope) {
      join(killSwitch.stop(scope, "incident 7", "ann"));
    }

    boolean lift(StopScope scope) {
      return join(killSwitch.lift(scope, "over", "bob"));
    }

    boolean refuses() {
      return killSwitch.stopped(Calls.closing(Calls.TRIAGE, "T-1"), Optional.empty()).isPresent();
    }

    void untilOpen() {
      Awaitility.await(name + " lets calls pass").atMost(PATIENCE).until(() -> !refuses());
    }

    @Override
    public void close() {
      killSwitch.close();
    }
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
