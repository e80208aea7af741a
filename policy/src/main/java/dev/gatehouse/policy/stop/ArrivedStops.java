package dev.gatehouse.policy.stop;

import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.fleet.SharedNotes;
import dev.gatehouse.core.stop.StopScope.Everything;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other processes of the fleet ordered. A stop holds at once and its row follows; a lift's row
 * and file come first, and one that cannot be recorded is tried again at each look.
 */
final class ArrivedStops implements SharedNotes {

  /** Orders that are held in detail; what arrives beyond them stops everything. */
  static final int ORDERS_MAX = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(ArrivedStops.class);
  private static final Everything EVERYTHING = new Everything();

  private final HeldStops held;
  private final StopRows rows;
  private final InstantSource clock;
  private final Map<String, Owed> owed = new LinkedHashMap<>();

  /** A lift that is heard of and not carried out yet. */
  private static final class Owed {
    private final StopOrder order;
    private final StopLift lift;
    private volatile boolean recorded;
    private volatile boolean running;
    private volatile boolean done;

    private Owed(StopOrder order, StopLift lift) {
      this.order = order;
      this.lift = lift;
    }
  }

  ArrivedStops(HeldStops held, StopRows rows, InstantSource clock) {
    this.held = held;
    this.rows = rows;
    this.clock = clock;
  }

  @Override
  public List<FleetNote> notes() {
    return StopNotes.of(held.now());
  }

  @Override
  public void heard(List<FleetNote> notes) {
    for (FleetNote note : notes) {
      if (note.over()) {
        lifted(note);
      } else if (!held.now().knows(note.id())) {
        stopped(note);
      }
    }
    owed.values().removeIf(one -> one.done);
    owed.values().stream().filter(one -> !one.running).forEach(this::carryOut);
  }

  private void stopped(FleetNote note) {
    boolean room = held.now().orders().size() < ORDERS_MAX;
    if (!room && held.now().at(EVERYTHING).isPresent()) {
      return; // it is covered
    }
    StopOrder order =
        room
            ? StopNotes.order(note, clock.instant())
            : StopNotes.everything(
                UUID.randomUUID().toString(),
                "more than " + ORDERS_MAX + " orders of the fleet",
                clock.instant());
    held.change(ledger -> ledger.with(order));
    note("its file", held.keep());
    note("its row", rows.stoppedElsewhere(order));
  }

  private static void note(String what, CompletionStage<?> written) {
    written.whenComplete(
        (_, failure) -> {
          if (failure != null) {
            LOG.error("a stop of the fleet holds, but {} could not be written", what, failure);
          }
        });
  }

  private void lifted(FleetNote note) {
    StopLedger now = held.now();
    if (now.lifted(note.id()) || owed.containsKey(note.id())) {
      return;
    }
    StopLift lift = StopNotes.lift(note, clock.instant());
    StopOrder order = now.order(note.id()).orElse(null);
    if (order == null || now.of(order.scope()).size() > 1) {
      // Nothing passes that did not pass before: it was not heard of here, or another order stands.
      held.change(ledger -> ledger.without(List.of(lift)));
      note("the end of one before it", held.keep());
    } else {
      owed.put(note.id(), new Owed(order, lift));
    }
  }

  private void carryOut(Owed one) {
    one.running = true;
    CompletionStage<?> row =
        one.recorded
            ? CompletableFuture.completedStage(null)
            : rows.liftedElsewhere(one.order.scope(), one.lift)
                .thenAccept(_ -> one.recorded = true);
    row.thenCompose(_ -> held.forget(List.of(one.lift)))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                LOG.error("a stop that the fleet lifted holds on here", failure);
              }
              one.done = failure == null;
              one.running = false;
            });
  }
}
