package dev.gatehouse.policy.stop;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.DriftModel.Finding;
import dev.gatehouse.core.fleet.NoteCarrier.Confirmation;
import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopScope;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The rows of the kill switch: what was ordered here, and what came from another process. */
final class StopRows {

  private static final String STOPPED = "kill_switch.stopped";
  private static final String LIFTED = "kill_switch.lifted";
  private static final String DRILLED = "stop.drill";

  private final AuditLog audit;
  private final InstantSource clock;

  StopRows(AuditLog audit, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
  }

  CompletionStage<AuditReceipt> stopped(StopOrder order) {
    Stop stop = order.stop();
    return append(row(STOPPED, order.id(), stop.scope(), stop.by(), stop.reason()));
  }

  CompletionStage<AuditReceipt> stoppedElsewhere(StopOrder order) {
    Stop stop = order.stop();
    Map<String, Object> row = row(STOPPED, order.id(), stop.scope(), stop.by(), stop.reason());
    row.put("from", order.from());
    return append(row);
  }

  CompletionStage<AuditReceipt> lifted(StopScope scope, StopLift lift) {
    return append(row(LIFTED, lift.id(), scope, lift.by(), lift.reason()));
  }

  CompletionStage<AuditReceipt> liftedElsewhere(StopScope scope, StopLift lift) {
    Map<String, Object> row = row(LIFTED, lift.id(), scope, lift.by(), lift.reason());
    row.put("from", lift.from());
    return append(row);
  }

  /** What an agent did that it is not for, and that it is suspended for: for the first of these. */
  CompletionStage<AuditReceipt> drifted(GovernedCall call, List<Finding> drift) {
    Map<String, Object> row = drift("drift.detected", call, drift.getFirst());
    if (drift.size() > 1) {
      row.put("also", drift.stream().skip(1).map(StopRows::tree).toList());
    }
    return append(row);
  }

  /** What an agent did that it is not for, and that operators hear of. */
  CompletionStage<AuditReceipt> driftAlert(GovernedCall call, Finding drift) {
    return append(drift("drift.alert", call, drift));
  }

  private Map<String, Object> drift(String event, GovernedCall call, Finding drift) {
    Map<String, Object> row = LinkedHashMap.newLinkedHashMap(10);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", event);
    row.put("agent", call.principal().agent().value());
    row.put("call_id", call.id().value());
    row.putAll(tree(drift));
    row.put("at_ms", clock.millis());
    return row;
  }

  private static Map<String, Object> tree(Finding drift) {
    return Map.of(
        "rule", drift.reason().rule(),
        "severity", drift.severity().name().toLowerCase(Locale.ROOT),
        "reason", drift.reason().message());
  }

  /** The exercise with this order: who confirmed it, and after how long. */
  CompletionStage<AuditReceipt> drilled(StopOrder order, List<Confirmation> nodes, boolean lifted) {
    Stop stop = order.stop();
    Map<String, Object> row = row(DRILLED, order.id(), stop.scope(), stop.by(), stop.reason());
    row.put("nodes", nodes.stream().map(StopRows::node).toList());
    row.put("lifted", lifted);
    return append(row);
  }

  private static Map<String, Object> node(Confirmation confirmation) {
    return confirmation
        .took()
        .<Map<String, Object>>map(
            took -> Map.of("node", confirmation.node(), "took_ms", took.toMillis()))
        .orElseGet(() -> Map.of("node", confirmation.node(), "confirmed", false));
  }

  /** A row; the stage fails also when the record takes none at all. */
  CompletionStage<AuditReceipt> append(Map<String, Object> row) {
    try {
      return audit.append(new AuditRow(row));
    } catch (RuntimeException e) { // a stop holds all the same
      return CompletableFuture.failedStage(e);
    }
  }

  private Map<String, Object> row(
      String event, String order, StopScope scope, String by, String reason) {
    Map<String, Object> row = LinkedHashMap.newLinkedHashMap(11);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", event);
    row.put("scope", scope.tree());
    row.put("order", order);
    row.put("operator", by);
    row.put("reason", reason);
    row.put("at_ms", clock.millis());
    return row;
  }
}
