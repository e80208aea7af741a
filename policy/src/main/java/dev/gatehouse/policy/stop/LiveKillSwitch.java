package dev.gatehouse.policy.stop;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.DriftModel.Finding;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.stop.KillSwitch;
import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopDrills;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.stop.StopScope.Everything;
import dev.gatehouse.core.stop.StopScope.Labelled;
import dev.gatehouse.core.stop.StopScope.OneAgent;
import dev.gatehouse.core.stop.StopScope.OneConnector;
import dev.gatehouse.core.stop.Suspensions;
import dev.gatehouse.policy.ranges.Ranges;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The stops in force, as one immutable snapshot. They are kept over a restart and told to the
 * fleet. A stop holds before it is kept or told, and one that is lifted is forgotten by the keeper
 * first: whatever fails, more is stopped and not less.
 */
public final class LiveKillSwitch implements KillSwitch, AutoCloseable {

  /** Most stops at a time. */
  static final int STOPS_MAX = 1_000;

  /** Longest reason. */
  static final int REASON_LENGTH_MAX = 2_000;

  private static final Everything EVERYTHING = new Everything();

  private final InstantSource clock;
  private final HeldStops held;
  private final StopRows rows;
  private final DriftSuspensions suspensions;
  private final DriftAlerts alerts;
  private volatile NoteCarrier carrier = NoteCarrier.alone("local");

  public LiveKillSwitch(AuditLog audit, InstantSource clock, StopKeeper keeper) {
    this.clock = clock;
    this.held = new HeldStops(keeper);
    this.rows = new StopRows(audit, clock);
    this.suspensions = new DriftSuspensions(this, held, rows);
    this.alerts = new DriftAlerts(rows, clock);
  }

  /** The agents that are stopped because they drifted. */
  public Suspensions suspensions() {
    return suspensions;
  }

  /**
   * Answers the deviations that were found in a call, beyond what becomes of the call: the gravest
   * decides how, and all are told.
   *
   * @param drift gravest first, at least one
   */
  public void drifted(GovernedCall call, List<Finding> drift) {
    switch (drift.getFirst().severity()) {
      case LOW, MEDIUM -> drift.forEach(each -> alerts.alert(call, each));
      case HIGH, CRITICAL -> suspensions.suspend(call, drift);
    }
  }

  /** From now on, what is ordered here is told to the fleet, and heard from it; once. */
  public void share(NoteCarrier fleet) {
    carrier = fleet;
    fleet.carry(new ArrivedStops(held, rows, clock));
  }

  NoteCarrier carrier() {
    return carrier;
  }

  /** Exercises with this switch. */
  public StopDrills drills() {
    return new LiveDrills(this, rows, System::nanoTime);
  }

  /** Why this call is stopped; empty when it is not. */
  public Optional<Reason> stopped(GovernedCall call, Optional<Agent> agent) {
    StopLedger inForce = held.now();
    return inForce.isEmpty()
        ? Optional.empty()
        : matching(inForce, call.principal().agent(), call.connector(), agent)
            .map(LiveKillSwitch::reason);
  }

  /** Whether every call of that agent on that connector is stopped. */
  public boolean stops(AgentId id, String connector, Optional<Agent> agent) {
    return matching(held.now(), id, connector, agent).isPresent();
  }

  /** From now on that runs whenever more is stopped, here or in the fleet, before anything else. */
  public void onStop(Runnable listener) {
    held.onChange(listener);
  }

  private static Optional<Stop> matching(
      StopLedger inForce, AgentId id, String connector, Optional<Agent> agent) {
    return inForce
        .at(EVERYTHING)
        .or(() -> inForce.at(new OneAgent(id)))
        .or(() -> inForce.at(new OneConnector(connector)))
        .or(() -> agent.flatMap(known -> byLabels(inForce, known)));
  }

  private static Optional<Stop> byLabels(StopLedger inForce, Agent agent) {
    return inForce.stops().stream()
        .filter(
            stop ->
                stop.scope() instanceof Labelled(Map<String, String> labels)
                    && agent.labels().entrySet().containsAll(labels.entrySet()))
        .findFirst();
  }

  private static Reason reason(Stop stop) {
    if (isDrift(stop) && stop.scope() instanceof OneAgent(var agent)) {
      return new Reason(
          "standing.suspended",
          "agent "
              + agent
              + " was suspended at "
              + stop.since()
              + ": "
              + stop.reason()
              + "; an operator reactivates it with: gatehouse agent reactivate "
              + agent);
    }
    return new Reason(
        "standing.stopped",
        "an operator stopped " + stop.scope() + " at " + stop.since() + ": " + stop.reason());
  }

  @Override
  public CompletionStage<AuditReceipt> stop(StopScope scope, String reason, String by) {
    return order(scope, reason, by).durable();
  }

  /** An order that holds, and when it is on record and kept. */
  record Ordered(StopOrder order, CompletionStage<AuditReceipt> durable) {}

  Ordered order(StopScope scope, String reason, String by) {
    checkReason(reason);
    return order(scope, reason, by, STOPS_MAX);
  }

  /** The same without a limit but that of the agents there are: a drift is not overlooked. */
  Ordered suspend(OneAgent agent, String reason, String by) {
    String why = reason.substring(0, Math.min(reason.length(), REASON_LENGTH_MAX));
    return order(agent, why, by, Integer.MAX_VALUE);
  }

  private Ordered order(StopScope scope, String reason, String by, int stopsMax) {
    Instant now = clock.instant();
    StopOrder order =
        new StopOrder(
            UUID.randomUUID().toString(), new Stop(scope, reason, by, now), carrier.node());
    held.change(ledger -> with(ledger, order, stopsMax));
    CompletionStage<Boolean> kept = held.keep();
    carrier.changed();
    return new Ordered(order, rows.stopped(order).thenCombine(kept, (receipt, _) -> receipt));
  }

  @Override
  public CompletionStage<Boolean> lift(StopScope scope, String reason, String by) {
    checkReason(reason);
    return lift(held.now().of(scope), reason, by);
  }

  /** Lifts these orders of one scope, and no other of it. */
  CompletionStage<Boolean> lift(List<StopOrder> orders, String reason, String by) {
    if (orders.isEmpty()) {
      return CompletableFuture.completedStage(false);
    }
    List<StopLift> lifts = orders.stream().map(order -> lift(order, reason, by)).toList();
    return rows.lifted(orders.getLast().scope(), lifts.getLast())
        .thenCompose(_ -> held.forget(lifts))
        .thenApply(
            stood -> {
              carrier.changed();
              return stood;
            });
  }

  private StopLift lift(StopOrder order, String reason, String by) {
    return new StopLift(order.id(), reason, by, clock.instant(), carrier.node());
  }

  @Override
  public List<Stop> stops() {
    return List.copyOf(held.now().stops());
  }

  /** Ends the thread, after what it has begun. */
  @Override
  public void close() {
    held.close();
  }

  /**
   * An order takes the place of those of the same scope that were known; but reactivating an agent
   * must not end what an operator stopped.
   */
  private StopLedger with(StopLedger ledger, StopOrder order, int stopsMax) {
    Stop stop = order.stop();
    List<StopLift> replaced =
        ledger.of(order.scope()).stream()
            .filter(old -> isDrift(old.stop()) == isDrift(stop))
            .map(old -> lift(old, "replaced by " + order.id(), stop.by()))
            .toList();
    StopLedger more = ledger.with(order).without(replaced);
    if (!(stop.scope() instanceof Everything)) { // the last resort is open whatever else is stopped
      Ranges.check("the number of stops", more.orders().size(), 0, stopsMax);
    }
    return more;
  }

  private static boolean isDrift(Stop stop) {
    return stop.by().equals(DriftSuspensions.BY);
  }

  private static void checkReason(String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("the kill switch needs a reason");
    }
    Ranges.check(
        "the length of a reason for the kill switch", reason.length(), 1, REASON_LENGTH_MAX);
  }
}
