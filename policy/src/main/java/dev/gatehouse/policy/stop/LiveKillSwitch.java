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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The stops in force, as one immutable snapshot. They are kept over a restart; a thread of its own
 * waits for the disk. A stop holds before it is kept, and one that is lifted is forgotten by the
 * keeper first: whatever fails, more is stopped and not less.
 */
public final class LiveKillSwitch implements KillSwitch, AutoCloseable {

  /** Most stops at a time. */
  static final int STOPS_MAX = 1_000;

  /** Longest reason. */
  static final int REASON_LENGTH_MAX = 2_000;

  private static final Everything EVERYTHING = new Everything();

  private final AuditLog audit;
  private final InstantSource clock;
  private final StopKeeper keeper;
  private final ExecutorService disk =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("gatehouse-stops").factory());
  private final AtomicReference<Map<StopScope, Stop>> stops;

  public LiveKillSwitch(AuditLog audit, InstantSource clock, StopKeeper keeper) {
    this.audit = audit;
    this.clock = clock;
    this.keeper = keeper;
    Map<StopScope, Stop> kept = new LinkedHashMap<>();
    keeper.kept().forEach(stop -> kept.put(stop.scope(), stop));
    this.stops = new AtomicReference<>(kept);
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
    CompletionStage<Boolean> kept = onDisk(this::keepAll);
    try {
      return audit
          .append(row("kill_switch.stopped", stop.scope(), reason, by))
          .thenCombine(kept, (receipt, _) -> receipt);
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
          .thenCompose(_ -> onDisk(() -> forget(stop)));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  @Override
  public List<Stop> stops() {
    return List.copyOf(stops.get().values());
  }

  private boolean keepAll() throws IOException {
    keeper.keep(stops.get().values());
    return true;
  }

  private boolean forget(Stop lifted) throws IOException {
    keeper.keep(stops.get().values().stream().filter(stop -> !stop.equals(lifted)).toList());
    return remove(lifted);
  }

  private interface DiskStep {
    boolean run() throws IOException;
  }

  /** One after the other, so that what is kept is never older than what was kept before. */
  private CompletionStage<Boolean> onDisk(DiskStep step) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return step.run();
          } catch (IOException e) {
            throw new UncheckedIOException("what is stopped cannot be kept over a restart", e);
          }
        },
        disk);
  }

  /** Ends the thread, after what it has begun. */
  @Override
  public void close() {
    disk.close();
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
    row.put("scope", scope.tree());
    row.put("operator", by);
    row.put("reason", reason);
    row.put("at_ms", clock.millis());
    return new AuditRow(row);
  }
}
