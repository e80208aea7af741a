package dev.gatehouse.policy.stop;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.stop.KillSwitch;
import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.stop.StopScope.Everything;
import dev.gatehouse.core.stop.StopScope.Labelled;
import dev.gatehouse.core.stop.StopScope.OneAgent;
import dev.gatehouse.core.stop.StopScope.OneConnector;
import dev.gatehouse.policy.ranges.Ranges;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/** The stops in force, as one immutable snapshot. */
public final class LiveKillSwitch implements KillSwitch {

  /** Most stops at a time. */
  static final int STOPS_MAX = 1_000;

  /** Longest reason. */
  static final int REASON_LENGTH_MAX = 2_000;

  private static final Everything EVERYTHING = new Everything();

  private final AuditLog audit;
  private final InstantSource clock;
  private final AtomicReference<Map<StopScope, Stop>> stops = new AtomicReference<>(Map.of());

  public LiveKillSwitch(AuditLog audit, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
  }

  /** Why this call is stopped; empty when it is not. */
  public Optional<Reason> stopped(GovernedCall call, Optional<Agent> agent) {
    Map<StopScope, Stop> inForce = stops.get();
    return inForce.isEmpty() ? Optional.empty() : matching(inForce, call, agent);
  }

  private static Optional<Reason> matching(
      Map<StopScope, Stop> inForce, GovernedCall call, Optional<Agent> agent) {
    Stop stop = inForce.get(EVERYTHING);
    if (stop == null) {
      stop = inForce.get(new OneAgent(call.principal().agent()));
    }
    if (stop == null) {
      stop = inForce.get(new OneConnector(call.connector()));
    }
    if (stop == null && agent.isPresent()) {
      stop = byLabels(inForce, agent.get()).orElse(null);
    }
    return Optional.ofNullable(stop).map(LiveKillSwitch::reason);
  }

  private static Optional<Stop> byLabels(Map<StopScope, Stop> inForce, Agent agent) {
    return inForce.values().stream()
        .filter(
            stop ->
                stop.scope() instanceof Labelled(Map<String, String> labels)
                    && agent.labels().entrySet().containsAll(labels.entrySet()))
        .findFirst();
  }

  private static Reason reason(Stop stop) {
    return new Reason(
        "standing.stopped",
        "an operator stopped " + stop.scope() + " at " + stop.since() + ": " + stop.reason());
  }

  @Override
  public CompletionStage<AuditReceipt> stop(StopScope scope, String reason, String by) {
    checkReason(reason);
    Stop stop = new Stop(scope, reason, by, clock.instant());
    stops.updateAndGet(inForce -> with(inForce, stop));
    try {
      return audit.append(row("kill_switch.stopped", stop.scope(), reason, by));
    } catch (RuntimeException e) { // the stop holds all the same
      return CompletableFuture.failedStage(e);
    }
  }

  @Override
  public CompletionStage<Boolean> lift(StopScope scope, String reason, String by) {
    checkReason(reason);
    Stop stop = stops.get().get(scope);
    if (stop == null) {
      return CompletableFuture.completedStage(false);
    }
    try {
      return audit
          .append(row("kill_switch.lifted", scope, reason, by))
          .thenApply(_ -> remove(stop));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  @Override
  public List<Stop> stops() {
    return List.copyOf(stops.get().values());
  }

  /** Removes this stop: another that was ordered meanwhile for the same scope stays. */
  private boolean remove(Stop stop) {
    Map<StopScope, Stop> before =
        stops.getAndUpdate(
            inForce -> {
              if (!stop.equals(inForce.get(stop.scope()))) {
                return inForce;
              }
              Map<StopScope, Stop> rest = new LinkedHashMap<>(inForce);
              rest.remove(stop.scope());
              return rest;
            });
    return stop.equals(before.get(stop.scope()));
  }

  private static Map<StopScope, Stop> with(Map<StopScope, Stop> inForce, Stop stop) {
    Map<StopScope, Stop> more = new LinkedHashMap<>(inForce);
    more.put(stop.scope(), stop);
    if (stop.scope() instanceof Everything) {
      return more; // the last resort is open whatever else is stopped
    }
    Ranges.check("the number of stops", more.size(), 0, STOPS_MAX);
    return more;
  }

  private static void checkReason(String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("the kill switch needs a reason");
    }
    Ranges.check(
        "the length of a reason for the kill switch", reason.length(), 1, REASON_LENGTH_MAX);
  }

  private AuditRow row(String event, StopScope scope, String reason, String by) {
    Map<String, Object> row = LinkedHashMap.newLinkedHashMap(8);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", event);
    row.put("scope", scope(scope));
    row.put("operator", by);
    row.put("reason", reason);
    row.put("at_ms", clock.millis());
    return new AuditRow(row);
  }

  private static Map<String, Object> scope(StopScope scope) {
    return switch (scope) {
      case Everything _ -> Map.of("all", true);
      case OneAgent(var agent) -> Map.of("agent", agent.value());
      case OneConnector(var connector) -> Map.of("connector", connector);
      case Labelled(var labels) -> Map.of("labels", labels);
    };
  }
}
