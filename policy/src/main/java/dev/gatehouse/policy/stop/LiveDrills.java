package dev.gatehouse.policy.stop;

import dev.gatehouse.core.fleet.NoteCarrier.Confirmation;
import dev.gatehouse.core.stop.StopDrills;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.stop.StopScope.Labelled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** Exercises that go the way of every order, by the switch itself. */
final class LiveDrills implements StopDrills {

  /** The label of exercises; its value is new in each, so that no agent carries it. */
  static final String LABEL = "gatehouse-drill";

  private final LiveKillSwitch killSwitch;
  private final StopRows rows;
  private final LongSupplier nanos;

  LiveDrills(LiveKillSwitch killSwitch, StopRows rows, LongSupplier nanos) {
    this.killSwitch = killSwitch;
    this.rows = rows;
    this.nanos = nanos;
  }

  @Override
  public CompletionStage<Result> drill(
      Optional<StopScope> real, String reason, String by, Duration patience) {
    StopScope scope =
        real.orElseGet(() -> new Labelled(Map.of(LABEL, UUID.randomUUID().toString())));
    if (killSwitch.stops().stream().anyMatch(stop -> stop.scope().equals(scope))) {
      return CompletableFuture.completedStage(
          new Result.Refused(
              scope + " is stopped already; an exercise would take that stop's place and end it"));
    }
    long before = nanos.getAsLong();
    StopOrder order = killSwitch.order(scope, reason, by).order();
    Confirmation here = here(Duration.ofNanos(nanos.getAsLong() - before));
    return killSwitch
        .carrier()
        .confirmed(order.id(), patience)
        .thenCompose(others -> ended(order, nodes(here, others), reason, by));
  }

  private Confirmation here(Duration took) {
    return new Confirmation(killSwitch.carrier().node(), Optional.of(took));
  }

  private static List<Confirmation> nodes(Confirmation here, List<Confirmation> others) {
    List<Confirmation> nodes = new ArrayList<>();
    nodes.add(here);
    nodes.addAll(others);
    return nodes;
  }

  private CompletionStage<Result> ended(
      StopOrder order, List<Confirmation> nodes, String reason, String by) {
    return killSwitch
        .lift(List.of(order), reason, by)
        .handle((lifted, failure) -> failure == null && lifted)
        .thenCompose(
            lifted ->
                rows.drilled(order, nodes, lifted)
                    .thenApply(_ -> new Result.Done(order.scope(), nodes, lifted)));
  }
}
