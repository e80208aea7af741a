package dev.gatehouse.gateway;

import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.gateway.config.GatewayConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway: its rooms, each of which wires its own modules. Blocking methods; call them
 * off event loops.
 *
 * <p>Starting goes from the record outwards, so that nothing can be asked before it can be
 * recorded; closing goes the other way:
 *
 * <ul>
 *   <li>{@link KnownCallers}: who may come
 *   <li>{@link KeptRecord} and {@link KeptState}: what is opened from the data directory
 *   <li>{@link Notices}: who is told
 *   <li>{@link Governing}: what judges calls, and the tools
 *   <li>{@link SharedWithFleet}: what other processes are told and asked
 *   <li>{@link Endpoints}: what agents talk to
 *   <li>{@link AdminPlane}: what operators see
 *   <li>{@link Listeners}: the sockets
 * </ul>
 */
public final class Gatehouse implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Gatehouse.class);

  private final Vertx vertx;
  private final KnownCallers callers;
  private final KeptRecord record;
  private final Notices notices;
  private final AuditLog rows;
  private final Governing governing;
  private final SharedWithFleet fleet;
  private final Endpoints endpoints;
  private final AdminPlane admin;
  private final Listeners listeners;
  private final Readiness readiness;
  private volatile GatewayConfig config;

  private Gatehouse(
      GatewayConfig config,
      Clock clock,
      KnownCallers callers,
      KeptRecord record,
      KeptState kept,
      Vertx vertx) {
    this.config = config;
    this.vertx = vertx;
    this.callers = callers;
    this.record = record;
    notices = Notices.start(vertx, clock, config, record.metrics().notifications());
    rows = notices.over(record.rows());
    governing = Governing.start(vertx, clock, config, kept, callers.registry(), rows);
    fleet = SharedWithFleet.join(config, rows);
    fleet.share(governing);
    endpoints = Endpoints.create(vertx, clock, config, callers, governing, fleet, rows);
    admin =
        new AdminPlane(vertx, record, rows, callers, governing, endpoints.llm(), fleet, notices);
    listeners = new Listeners(vertx);
    readiness =
        new Readiness(
            record::takesRows,
            fleet::stopsKnown,
            governing.rules()::agreesWithFleet,
            governing.connectors()::neverTried);
  }

  /**
   * Starts a gateway; returns when it serves.
   *
   * @throws IOException when the data directory cannot be made or an address is taken
   * @throws dev.gatehouse.core.audit.AuditUnavailableException when the record cannot be kept
   */
  public static Gatehouse start(GatewayConfig config) throws IOException {
    return start(config, Clock.systemUTC());
  }

  /** The same by that clock, which may be wrong. */
  public static Gatehouse start(GatewayConfig config, Clock clock) throws IOException {
    makeDataDir(config.dataDir());
    KnownCallers callers = KnownCallers.open(config, clock);
    try {
      return start(config, clock, callers);
    } catch (IOException | RuntimeException e) {
      callers.close();
      throw e;
    }
  }

  private static Gatehouse start(GatewayConfig config, Clock clock, KnownCallers callers)
      throws IOException {
    KeptRecord record = KeptRecord.open(config);
    KeptState kept;
    try {
      kept = KeptState.open(config, record.audit(), clock);
    } catch (IOException | RuntimeException e) {
      record.close();
      throw e;
    }
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(config.server().eventLoops())
                .setPreferNativeTransport(true));
    Gatehouse gatehouse = new Gatehouse(config, clock, callers, record, kept, vertx);
    try {
      gatehouse.serve();
    } catch (IOException | RuntimeException e) {
      gatehouse.close();
      throw e;
    }
    return gatehouse;
  }

  private void serve() throws IOException {
    endpoints.keepUsage(config);
    listeners.open(
        config,
        new DataPlane.Shared(
            config.server(),
            endpoints.mcp(),
            endpoints.llm(),
            callers.authenticator(),
            callers.tokens(),
            governing.connectors()::clientMetadata,
            rows,
            readiness,
            new AtomicInteger()),
        admin);
    record("gateway.started", Map.of("version", Version.text()));
  }

  /**
   * Puts a new config in force, or refuses it whole.
   *
   * @return why it is refused: what is fixed at start and differs; empty when it is in force
   */
  public synchronized List<String> reload(GatewayConfig next) {
    return governing.rules().whileUnchanged(() -> replace(next));
  }

  private List<String> replace(GatewayConfig next) {
    List<String> fixed = FixedSettings.differences(config, next);
    if (!fixed.isEmpty()) {
      return fixed;
    }
    List<String> misfits =
        governing.misfits(next).stream().map(misfit -> misfit + "; nothing was changed").toList();
    if (!misfits.isEmpty()) {
      return misfits;
    }
    try {
      callers.replace(next);
    } catch (IOException e) {
      return List.of(e.getMessage() + "; nothing was changed");
    }
    record.replace(next);
    governing.replace(next);
    endpoints.replace(next);
    notices.replace(next);
    config = next;
    record("config.reloaded", Map.of("config", next.summary()));
    LOG.info("config reloaded: {}", next.summary());
    return List.of();
  }

  /** The questions that wait for people. */
  public Approvals approvals() {
    return governing.governance().approvals();
  }

  /** Whether agents should be sent here by now. */
  public boolean ready() {
    return readiness.awaited().isEmpty();
  }

  /** The config in force. */
  public GatewayConfig config() {
    return config;
  }

  @Override
  public void close() {
    listeners.close();
    endpoints.close();
    governing.close();
    fleet.close();
    callers.close();
    notices.close();
    record.close();
    Steps.quietly("event loops", () -> Steps.await(List.of(vertx.close())));
  }

  private void record(String event, Map<String, Object> details) {
    Map<String, Object> row = new HashMap<>(details);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", event);
    var _ = rows.append(new AuditRow(row));
  }

  private static void makeDataDir(Path dataDir) throws IOException {
    if (!Files.isDirectory(dataDir)) {
      Files.createDirectories(
          dataDir,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }
}
