package dev.gatehouse.gateway;

import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.index.IndexFollower;
import dev.gatehouse.connectors.McpConnectors;
import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.fleet.FleetHealth;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.limit.Limits;
import dev.gatehouse.core.limit.UsageFile;
import dev.gatehouse.core.registry.Operator;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.fleet.RedisFleet;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.gateway.config.GatewayConfig.Endpoint;
import dev.gatehouse.gateway.notify.Links;
import dev.gatehouse.gateway.notify.LiveCallbacks;
import dev.gatehouse.gateway.notify.NotifiedAuditLog;
import dev.gatehouse.gateway.notify.Notifier;
import dev.gatehouse.gateway.state.PairedStateReader;
import dev.gatehouse.llm.LlmGateway;
import dev.gatehouse.mcp.McpEndpoint;
import dev.gatehouse.mcp.config.McpPorts;
import dev.gatehouse.policy.Governance;
import dev.gatehouse.registry.LiveAuthenticator;
import dev.gatehouse.registry.LiveOperators;
import dev.gatehouse.registry.LiveRegistry;
import dev.gatehouse.registry.OperatorEntry;
import dev.gatehouse.registry.token.TokenService;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway: every module, wired. Blocking methods; call them off event loops.
 *
 * <p>Starting goes from the record outwards, so that nothing can be asked before it can be
 * recorded; closing goes the other way.
 */
public final class Gatehouse implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Gatehouse.class);
  private static final Duration STEP_MAX = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final SegmentAuditLog audit;
  private final IndexFollower index;
  private final AuditCopy copy;
  private final AuditLog rows;
  private final Metrics metrics;
  private final Notifier notifier;
  private final LiveCallbacks callbacks;
  private final LiveRegistry registry;
  private final TokenService tokens;
  private final LiveAuthenticator authenticator;
  private final LiveOperators operators;
  private final OperatorEntry localOperator;
  private final Governance governance;
  private final RulesInForce rules;
  private final McpConnectors connectors;
  private final ToolCatalog tools;
  private final PairedStateReader states;
  private final McpEndpoint mcp;
  private final Optional<RedisFleet> fleet;
  private final LlmGateway llm;
  private final Limits limits;
  private final AdminPlane admin;
  private final Readiness readiness;
  private volatile GatewayConfig config;
  private @Nullable UsageFile usage;

  private Gatehouse(
      GatewayConfig config,
      Vertx vertx,
      SegmentAuditLog audit,
      KeptState kept,
      AuditCopy copy,
      OperatorEntry localOperator,
      LiveRegistry registry,
      TokenService tokens,
      Clock clock) {
    this.config = config;
    this.vertx = vertx;
    this.audit = audit;
    this.copy = copy;
    this.index = IndexFollower.start(config.audit().dir(), audit::streams);
    this.localOperator = localOperator;
    this.registry = registry;
    this.tokens = tokens;
    metrics = new Metrics();
    notifier =
        Notifier.start(vertx, clock, links(config), config.receivers(), metrics.notifications());
    callbacks = new LiveCallbacks(clock);
    callbacks.replace(config.receivers(), people(config));
    rows = new NotifiedAuditLog(metrics.over(copy.acknowledged()), notifier);
    authenticator = new LiveAuthenticator(registry, tokens);
    operators = LiveOperators.of(withLocal(config.operators()));
    governance =
        Governance.start(
            config.governance().with(kept.policies().rulesInForce()),
            config.governanceLimits(),
            registry,
            rows,
            clock,
            kept.approvals(),
            kept.stops(),
            kept.grants());
    limits = new Limits(clock, System::nanoTime);
    limits.replaceOfTools(config.toolLimits());
    connectors =
        McpConnectors.start(
            vertx,
            clock,
            new SecureRandom(),
            Optional.of(kept.pins()),
            kept.oauth(),
            config.mcpServers());
    tools = governance.grantOver(connectors);
    rules =
        new RulesInForce(
            governance, config.governance(), kept.policies(), rows, clock, tools::tools);
    states = new PairedStateReader(vertx, governance.gate(), connectors, clock, config.states());
    governance.readStatesBy(states);
    mcp =
        McpEndpoint.create(
            vertx,
            new McpPorts(
                governance.gate(),
                authenticator,
                registry,
                tools,
                connectors.contexts(),
                governance.approvals(),
                clock,
                limits::ofCall),
            config.mcp());
    fleet =
        config
            .fleet()
            .map(found -> RedisFleet.start(found, processName(), config.audit().node(), rows));
    NoteCarrier stops =
        fleet.map(RedisFleet::stops).orElseGet(() -> NoteCarrier.alone(config.audit().node()));
    governance.shareStops(stops);
    fleet.ifPresent(open -> governance.shareActivity(open.activity()));
    governance.shareGrants(
        fleet.map(RedisFleet::grants).orElseGet(() -> NoteCarrier.alone(config.audit().node())));
    rules.share(
        fleet.map(RedisFleet::policies).orElseGet(() -> NoteCarrier.alone(config.audit().node())));
    FleetHealth shared = fleet.isPresent() ? fleet.get() : FleetHealth.alone();
    llm =
        LlmGateway.create(
            config.llm(),
            governance.gate(),
            authenticator,
            clock,
            System::nanoTime,
            shared,
            limits);
    fleet.ifPresent(open -> llm.share(open.usage()));
    llm.keepRoutings(rows);
    if (config.audit().bodies().kinds().contains(AuditBody.Kind.RESULT)) {
      llm.keepAnswers(config.audit().bodies().bytesMax());
    }
    readiness =
        new Readiness(
            () -> audit.state().open() && copy.takesRows(),
            stops::settled,
            rules::agreesWithFleet,
            connectors::neverTried);
    admin =
        new AdminPlane(
            vertx,
            audit,
            config.audit().dir(),
            index,
            copy,
            rows,
            registry,
            operators,
            governance,
            rules.versions(),
            connectors,
            tools,
            llm,
            shared::status,
            callbacks,
            metrics);
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
    OperatorEntry localOperator = OperatorToken.loadOrCreate(config.dataDir());
    LiveRegistry registry = LiveRegistry.of(config.agents());
    TokenService tokens = TokenService.start(registry, clock, config.auth());
    try {
      return start(config, localOperator, registry, tokens, clock);
    } catch (IOException | RuntimeException e) {
      tokens.close();
      throw e;
    }
  }

  private static Gatehouse start(
      GatewayConfig config,
      OperatorEntry localOperator,
      LiveRegistry registry,
      TokenService tokens,
      Clock clock)
      throws IOException {
    SegmentAuditLog audit = SegmentAuditLog.open(config.audit());
    audit.assign(config.retentionOfAgents());
    KeptState kept;
    try {
      kept = KeptState.open(config, audit, clock);
    } catch (IOException | RuntimeException e) {
      audit.close();
      throw e;
    }
    List<String> clashes =
        RulesInForce.clashes(config.governance(), kept.policies().rulesInForce());
    if (!clashes.isEmpty()) {
      audit.close();
      throw new IOException(String.join("; ", clashes));
    }
    AuditCopy copy = AuditCopy.start(config, audit);
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(config.server().eventLoops())
                .setPreferNativeTransport(true));
    Gatehouse gatehouse =
        new Gatehouse(config, vertx, audit, kept, copy, localOperator, registry, tokens, clock);
    try {
      gatehouse.usage = gatehouse.llm.keepUsage(config.dataDir().resolve("usage"));
      gatehouse.listen();
      gatehouse.record("gateway.started", Map.of("version", Version.text()));
    } catch (IOException | RuntimeException e) {
      gatehouse.close();
      throw e;
    }
    return gatehouse;
  }

  /**
   * Puts a new config in force, or refuses it whole.
   *
   * @return why it is refused: what is fixed at start and differs; empty when it is in force
   */
  public synchronized List<String> reload(GatewayConfig next) {
    return rules.whileUnchanged(() -> replace(next));
  }

  private List<String> replace(GatewayConfig next) {
    List<String> fixed = fixedDifferences(config, next);
    if (!fixed.isEmpty()) {
      return fixed;
    }
    List<String> misfits =
        rules.misfits(next.governance()).stream()
            .map(misfit -> misfit + "; nothing was changed")
            .toList();
    if (!misfits.isEmpty()) {
      return misfits;
    }
    try {
      tokens.replace(next.auth());
    } catch (IOException e) {
      return List.of(e.getMessage() + "; nothing was changed");
    }
    registry.replace(next.agents());
    audit.assign(next.retentionOfAgents());
    operators.replace(withLocal(next.operators()));
    rules.replace(next.governance());
    mcp.reconfigure(next.mcp());
    llm.replace(next.llm());
    limits.replaceOfTools(next.toolLimits());
    connectors.replace(next.mcpServers());
    states.replace(next.states());
    notifier.replace(next.receivers());
    callbacks.replace(next.receivers(), people(next));
    config = next;
    record("config.reloaded", Map.of("config", next.summary()));
    LOG.info("config reloaded: {}", next.summary());
    return List.of();
  }

  /** The questions that wait for people. */
  public Approvals approvals() {
    return governance.approvals();
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
    quietly(
        "data and admin plane",
        () -> await(vertx.deploymentIDs().stream().map(vertx::undeploy).toList()));
    quietly("usage", () -> Optional.ofNullable(usage).ifPresent(UsageFile::close));
    quietly("mcp endpoint", mcp::close);
    quietly("connectors", connectors::close);
    quietly("governance", governance::close);
    quietly("fleet", () -> fleet.ifPresent(RedisFleet::close));
    quietly("tokens", tokens::close);
    quietly("notifications", notifier::close);
    quietly("audit index", index::close);
    quietly("audit log", audit::close);
    quietly("audit copy", copy::close);
    quietly("metrics", metrics::close);
    quietly("event loops", () -> await(List.of(vertx.close())));
  }

  private void listen() throws IOException {
    DataPlane.Shared shared =
        new DataPlane.Shared(
            config.server(),
            mcp,
            llm,
            authenticator,
            tokens,
            connectors::clientMetadata,
            rows,
            readiness,
            new AtomicInteger());
    DeploymentOptions perLoop = new DeploymentOptions().setInstances(config.server().eventLoops());
    listening(
        "the data plane",
        config.server().endpoint(),
        vertx.deployVerticle(() -> new DataPlane(shared), perLoop));
    listening("the admin API", config.admin(), admin.listen(config.admin(), config.publicUrl()));
  }

  private static void listening(String what, Endpoint endpoint, io.vertx.core.Future<?> started)
      throws IOException {
    try {
      await(List.of(started));
    } catch (IOException e) {
      throw new IOException(
          what
              + " cannot listen on "
              + endpoint.host()
              + ":"
              + endpoint.port()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static void await(List<? extends io.vertx.core.Future<?>> futures) throws IOException {
    try {
      for (io.vertx.core.Future<?> future : futures) {
        var _ =
            future
                .toCompletionStage()
                .toCompletableFuture()
                .get(STEP_MAX.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IOException(
          String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
    } catch (TimeoutException e) {
      throw new IOException("not done within " + STEP_MAX.toSeconds() + " s", e);
    }
  }

  private void record(String event, Map<String, Object> details) {
    Map<String, Object> row = new java.util.HashMap<>(details);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", event);
    var _ = rows.append(new AuditRow(row));
  }

  private List<OperatorEntry> withLocal(List<OperatorEntry> configured) {
    List<OperatorEntry> all = new ArrayList<>(configured);
    all.add(localOperator);
    return all;
  }

  private static List<String> fixedDifferences(GatewayConfig now, GatewayConfig next) {
    List<String> differences = new ArrayList<>();
    differ(differences, "server", now.server(), next.server());
    differ(differences, "admin", now.admin(), next.admin());
    differ(differences, "admin.public_url", now.publicUrl(), next.publicUrl());
    differ(differences, "data_dir", now.dataDir(), next.dataDir());
    differ(differences, "log_level", now.logLevel(), next.logLevel());
    differ(differences, "audit or node", now.audit(), next.audit());
    differ(differences, "audit_copy", now.auditCopy(), next.auditCopy());
    differ(differences, "fleet", now.fleet(), next.fleet());
    differ(differences, "approvals or grants", now.governanceLimits(), next.governanceLimits());
    differ(differences, "approvals.store", now.approvalStore(), next.approvalStore());
    return differences;
  }

  private static void differ(List<String> differences, String section, Object now, Object next) {
    if (!now.equals(next)) {
      differences.add(section + " changed, which takes a restart; nothing was changed");
    }
  }

  /** Tells this process from all others that meet it, restarted ones included. */
  private static String processName() {
    return UUID.randomUUID().toString();
  }

  private static List<Operator> people(GatewayConfig config) {
    return config.operators().stream()
        .map(entry -> new Operator(entry.name(), entry.groups()))
        .toList();
  }

  private static Links links(GatewayConfig config) {
    Endpoint admin = config.admin();
    return Links.under(
        config
            .publicUrl()
            .orElseGet(() -> URI.create("http://" + admin.host() + ":" + admin.port())));
  }

  private static void makeDataDir(Path dataDir) throws IOException {
    if (!Files.isDirectory(dataDir)) {
      Files.createDirectories(
          dataDir,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static void quietly(String what, Closing closing) {
    try {
      closing.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("closing the {} failed: {}", what, e.toString());
    }
  }

  private interface Closing {
    void close() throws IOException;
  }
}
