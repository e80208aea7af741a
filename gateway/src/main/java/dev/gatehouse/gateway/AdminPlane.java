package dev.gatehouse.gateway;

import dev.gatehouse.audit.AuditState;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.index.IndexFollower;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.sign.KeyChange;
import dev.gatehouse.audit.tsa.StampState;
import dev.gatehouse.connectors.McpConnectors;
import dev.gatehouse.connectors.oauth.OperatorLogins;
import dev.gatehouse.console.AdminApi;
import dev.gatehouse.console.AdminConfig;
import dev.gatehouse.console.AdminPorts;
import dev.gatehouse.console.GatewayStatus;
import dev.gatehouse.console.GatewayStatus.ConnectorStatus;
import dev.gatehouse.console.RecordOrders;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.fleet.FleetStatus;
import dev.gatehouse.core.limit.LimitStatus;
import dev.gatehouse.gateway.config.GatewayConfig.Endpoint;
import dev.gatehouse.gateway.rows.LastCalls;
import dev.gatehouse.llm.LlmGateway;
import dev.gatehouse.llm.failover.LaneStatus;
import dev.gatehouse.policy.Governance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The admin API over this gateway's parts, as plain values that the console shows. */
final class AdminPlane {

  private final Vertx vertx;
  private final SegmentAuditLog audit;
  private final IndexFollower index;
  private final AuditCopy copy;
  private final McpConnectors connectors;
  private final LlmGateway llm;
  private final Supplier<FleetStatus> fleet;
  private final AdminPorts ports;
  private final long startedNanos = System.nanoTime();

  AdminPlane(
      Vertx vertx,
      KeptRecord record,
      AuditLog rows,
      KnownCallers callers,
      Governing governing,
      LlmGateway llm,
      SharedWithFleet fleet,
      Notices notices) {
    this.vertx = vertx;
    this.audit = record.audit();
    this.index = record.index();
    this.copy = record.copy();
    this.connectors = governing.connectors();
    this.llm = llm;
    this.fleet = fleet.health()::status;
    Governance governance = governing.governance();
    Metrics metrics = record.metrics();
    ports =
        new AdminPorts(
            callers.operators(),
            governance.approvals(),
            new LastCalls(record.dir())::of,
            governance.grants(),
            callers.registry(),
            governing.tools(),
            connectors.contexts(),
            connectors.pins(),
            new OperatorLogins(connectors::authorizations, rows),
            governance.killSwitch(),
            governance.drills(),
            governance.suspensions(),
            governing.rules().versions(),
            this::status,
            this::providers,
            this::limits,
            new RecordOrders(
                this::checkpoint, this::rotateKey, new RecordRetention(audit.retention()), audit),
            llm.orders(rows),
            notices.callbacks(),
            metrics::text);
    metrics.audit(audit::state);
    metrics.index(this::indexLagRows);
    metrics.copy(copy::state);
    metrics.llm(llm::requestsInFlight, llm::health);
    metrics.limits(llm::usage);
    metrics.fleet(this.fleet);
  }

  /**
   * Starts to listen.
   *
   * @param publicUrl where operators reach it besides; its host name is answered
   */
  Future<AdminApi> listen(Endpoint endpoint, Optional<URI> publicUrl) {
    AdminConfig fallback = AdminConfig.DEFAULT;
    AdminConfig config =
        new AdminConfig(
            endpoint.host(),
            endpoint.port(),
            publicUrl.map(URI::getHost).map(Set::of).orElse(fallback.allowedHosts()),
            fallback.bodyBytesMax(),
            fallback.bodyTimeout(),
            fallback.idleTimeout());
    return AdminApi.start(vertx, config, ports);
  }

  private GatewayStatus status() {
    List<ConnectorStatus> upstreams =
        connectors.connectors().stream()
            .map(
                connector ->
                    new ConnectorStatus(
                        connector.name(), connector.health(), connector.tools().size()))
            .toList();
    return new GatewayStatus(
        Version.text(),
        Duration.ofNanos(System.nanoTime() - startedNanos),
        auditTree(audit.state()),
        fleetTree(fleet.get()),
        upstreams);
  }

  private long indexLagRows() {
    return Math.max(0, audit.state().rows() - index.state().rows());
  }

  private Map<String, Object> auditTree(AuditState state) {
    Map<String, Object> tree = copy.tree();
    IndexFollower.State indexed = index.state();
    tree.put("index_rows", indexed.rows());
    tree.put("index_lag_rows", indexLagRows());
    tree.put("index_failure", indexed.failure());
    tree.put("status", state.status().name().toLowerCase(Locale.ROOT));
    tree.put("reason", state.reason());
    tree.put("stream", state.stream());
    tree.put("rows", state.rows());
    tree.put("queued_rows", state.queuedRows());
    tree.put("queued_bytes", state.queuedBytes());
    tree.put("open_calls", state.openCalls());
    tree.put("checkpoint_failure", state.checkpointFailure());
    tree.put("checkpoint_late", state.checkpointLate());
    state.stamps().ifPresent(stamps -> stamps(tree, stamps));
    tree.put("retention_failure", audit.tendFailure());
    tree.put("classes", audit.states().stream().map(AdminPlane::retentionClass).toList());
    return tree;
  }

  private static Map<String, Object> retentionClass(AuditState state) {
    Map<String, Object> tree = new HashMap<>();
    tree.put("stream", state.stream());
    tree.put("status", state.status().name().toLowerCase(Locale.ROOT));
    tree.put("reason", state.reason());
    tree.put("rows", state.rows());
    tree.put("open_calls", state.openCalls());
    tree.put("checkpoint_late", state.checkpointLate());
    return tree;
  }

  private static void stamps(Map<String, Object> tree, StampState stamps) {
    stamps.last().ifPresent(stamp -> tree.put("timestamp_last", stamp.at().toString()));
    tree.put("timestamp_failure", stamps.failure());
    tree.put("timestamp_late", stamps.late());
  }

  private CompletionStage<Map<String, Object>> checkpoint() {
    return beside("audit-checkpoint-now", () -> tree(audit.checkpoint()));
  }

  private CompletionStage<Map<String, Object>> rotateKey(String by) {
    return beside(
        "audit-rotate-key",
        () -> {
          KeyChange change = audit.rotateKey(by);
          Map<String, Object> tree = new HashMap<>(tree(change.checkpoint()));
          tree.put("key", change.key());
          return tree;
        });
  }

  /** Both wait for the disk, which an event loop must not. */
  private static CompletionStage<Map<String, Object>> beside(
      String name, Supplier<Map<String, Object>> work) {
    return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().name(name).start(task));
  }

  private static Map<String, Object> tree(Checkpoint checkpoint) {
    return Map.of(
        "stream", checkpoint.stream(),
        "number", checkpoint.number(),
        "rows", checkpoint.rows(),
        "root", checkpoint.root(),
        "link", checkpoint.link(),
        "at", checkpoint.at().toString());
  }

  private static Map<String, Object> fleetTree(FleetStatus status) {
    Map<String, Object> tree = new HashMap<>();
    tree.put("mode", status.mode().name().toLowerCase(Locale.ROOT));
    tree.put("detail", status.detail());
    tree.put("news_age_ms", status.newsAge().toMillis());
    tree.put("degradations", status.degradations());
    tree.put("recoveries", status.recoveries());
    tree.put("unsent", status.unsent());
    tree.put("forged", status.forged());
    return tree;
  }

  private List<Map<String, Object>> limits() {
    return llm.usage().stream().map(AdminPlane::limit).toList();
  }

  private static Map<String, Object> limit(LimitStatus status) {
    Map<String, Object> tree = new HashMap<>();
    tree.put("limit", status.limit());
    tree.put("measure", status.measure().name().toLowerCase(Locale.ROOT));
    tree.put("unit", status.measure().unit().name().toLowerCase(Locale.ROOT));
    tree.put("of", status.whose());
    tree.put("used", status.used());
    tree.put("most", status.most());
    tree.put("remaining", status.remaining());
    status.resetsAt().ifPresent(at -> tree.put("resets_at", at.toString()));
    return tree;
  }

  private List<Map<String, Object>> providers() {
    return llm.health().stream().map(AdminPlane::lane).toList();
  }

  private static Map<String, Object> lane(LaneStatus lane) {
    Map<String, Object> tree = new HashMap<>();
    tree.put("provider", lane.provider());
    tree.put("model", lane.model());
    tree.put("state", lane.state().name().toLowerCase(Locale.ROOT));
    tree.put("failures", lane.recentFailures());
    tree.put("origin", lane.origin().name().toLowerCase(Locale.ROOT));
    tree.put("age_ms", lane.age().toMillis());
    lane.until().ifPresent(until -> tree.put("until", until.toString()));
    return tree;
  }
}
