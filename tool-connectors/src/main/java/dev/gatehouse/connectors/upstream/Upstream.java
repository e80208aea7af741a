package dev.gatehouse.connectors.upstream;

import dev.gatehouse.connectors.call.CallRequests;
import dev.gatehouse.connectors.call.CallScan;
import dev.gatehouse.connectors.call.ExposedResults;
import dev.gatehouse.connectors.call.ScannedListener;
import dev.gatehouse.connectors.call.ToolReplies;
import dev.gatehouse.connectors.catalog.Catalog;
import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamGovernance;
import dev.gatehouse.connectors.config.UpstreamTransport;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.oauth.OAuthPorts;
import dev.gatehouse.connectors.oauth.UpstreamAuthorizer;
import dev.gatehouse.connectors.oauth.UpstreamOAuth;
import dev.gatehouse.connectors.rpc.CallerEvents;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.context.ContextCatalog.Located;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.core.tool.ToolReply;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** The connector of one upstream MCP server. */
public final class Upstream implements ToolConnector {

  private final String name;
  private final Catalog catalog;
  private final InstantSource clock;
  private final Subscriptions subscriptions;
  private final Presence presence;
  private final Supervisor supervisor;
  private final Optional<UpstreamOAuth> oauth;
  private final LinkedResources links;
  private final AtomicInteger running = new AtomicInteger();

  public Upstream(
      McpServerConfig config,
      Catalog catalog,
      Vertx vertx,
      InstantSource clock,
      RandomGenerator random,
      OAuthPorts ports) {
    this.name = config.name();
    this.catalog = catalog;
    this.clock = clock;
    this.links = new LinkedResources(config.limits().flow().linksMax());
    this.subscriptions = new Subscriptions(config);
    this.oauth = oauth(config, vertx, clock, ports);
    UpstreamAuthorizer authorizer = oauth.isPresent() ? oauth.get() : UpstreamAuthorizer.NONE;
    this.presence = new Presence(config, catalog);
    this.supervisor =
        new Supervisor(
            config,
            Sessions.of(config, vertx, random, authorizer),
            presence,
            subscriptions,
            vertx,
            random);
  }

  private static Optional<UpstreamOAuth> oauth(
      McpServerConfig config, Vertx vertx, InstantSource clock, OAuthPorts ports) {
    return switch (config.transport()) {
      case UpstreamTransport.Stdio _ -> Optional.empty();
      case UpstreamTransport.Http http ->
          http.auth()
              .map(auth -> UpstreamOAuth.of(vertx, clock, config.name(), http.url(), auth, ports));
    };
  }

  /** Begins to connect, in the background. */
  public void start() {
    supervisor.start();
  }

  /** How it comes by its tokens; empty when it takes none. */
  public Optional<UpstreamOAuth> oauth() {
    return oauth;
  }

  public McpServerConfig config() {
    return presence.config();
  }

  /** Governs it by another config from now on; its connection stays. */
  public void govern(McpServerConfig other) {
    presence.govern(other);
  }

  /**
   * The resource of a URI that it linked to in an answer to that principal; empty when it did not,
   * or offers nothing now.
   */
  public Optional<Located> linked(String uri, Principal reader) {
    return health().state() == ConnectorHealth.State.UP && links.shown(reader, uri)
        ? Optional.of(new Located(linked(uri), uri))
        : Optional.empty();
  }

  /** Whether that is a resource that it linked to. */
  public boolean linked(ContextDescriptor source) {
    return source.kind() == ContextKind.RESOURCE
        && source.name().equals(source.upstreamName())
        && links.shown(source.name());
  }

  private ContextDescriptor linked(String uri) {
    UpstreamGovernance governance = config().governance();
    return new ContextDescriptor(
        ContextKind.RESOURCE,
        uri,
        name,
        uri,
        Map.of("uri", uri, "name", uri),
        governance.connectorClass(),
        governance.environment());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<ToolDescriptor> tools() {
    return catalog.tools().of(name);
  }

  @Override
  public ConnectorHealth health() {
    return presence.health();
  }

  @Override
  public CompletionStage<ToolReply> execute(ExecutionGrant grant, ToolListener listener) {
    GovernedCall call = grant.call();
    CallScan scan = new CallScan(call, config().governance().scan());
    ToolListener scanned = new ScannedListener(listener, scan);
    CallerEvents events = new CallerEvents(call.principal(), scanned);
    return governed(
        call,
        scan,
        (session, left) -> session.perform(CallRequests.of(call, events, left), scanned));
  }

  @Override
  public CompletionStage<Subscribed> subscribe(ExecutionGrant grant, Runnable updated) {
    long began = System.nanoTime();
    if (!(grant.call() instanceof ContextCall call)
        || call.kindOfCall() != ContextOperation.SUBSCRIBE) {
      return refused("wrong_call", "the grant is not for a subscription", began)
          .thenApply(reply -> new Subscribed(reply, () -> {}));
    }
    if (presence.session().isPresent() && !takesSubscriptions()) {
      return CompletableFuture.completedStage(
          new Subscribed(ToolReplies.unsupported(name, since(began)), () -> {}));
    }
    String uri = call.upstreamName();
    Subscriptions.Watch watch = new Subscriptions.Watch(updated);
    CallScan scan = new CallScan(call, config().governance().scan());
    return governed(call, scan, (_, left) -> subscriptions.add(uri, watch, left))
        .thenApply(
            reply -> {
              if (reply.outcome() instanceof Outcome.Completed && reply.error().isEmpty()) {
                return new Subscribed(reply, () -> subscriptions.remove(uri, watch));
              }
              subscriptions.remove(uri, watch);
              return new Subscribed(reply, () -> {});
            });
  }

  private boolean takesSubscriptions() {
    return Boolean.TRUE.equals(
        Json.object(supervisor.capabilities(), "resources").get("subscribe"));
  }

  /** Carries a granted call out, within the limits of the connector. */
  private CompletionStage<ToolReply> governed(GovernedCall call, CallScan scan, Step step) {
    long began = System.nanoTime();
    if (call instanceof ModelCall || !call.connector().equals(name)) {
      return refused("wrong_connector", "the grant is for another connector", began);
    }
    int callsMax = config().limits().callsMax();
    if (running.incrementAndGet() > callsMax) {
      running.decrementAndGet();
      return refused("connector_busy", callsMax + " calls run on it already (callsMax)", began);
    }
    return attempt(call, step, true)
        .thenApply(reply -> ExposedResults.of(call, reply, catalog.contexts()))
        .thenCompose(reply -> scanned(scan, reply))
        .thenApply(
            reply -> {
              links.note(call.principal(), reply, catalog.contexts());
              return reply;
            })
        .handle(
            (reply, failure) -> {
              running.decrementAndGet();
              return failure == null
                  ? ToolReplies.of(name, reply, scan.findings(), since(began))
                  : ToolReplies.failed(name, "connector_failed", "an internal error", since(began));
            });
  }

  /** Scans a reply: a large one on a thread of its own, as an event loop has other calls too. */
  private static CompletionStage<RpcReply> scanned(CallScan scan, RpcReply reply) {
    boolean large =
        switch (reply) {
          case RpcReply.Result result -> CallScan.large(result.value());
          case RpcReply.RpcError error -> CallScan.large(List.of(error.message(), data(error)));
          case RpcReply.Unanswered _, RpcReply.NotSent _, RpcReply.SessionGone _, RpcReply.Lost _ ->
              false;
        };
    if (!large) {
      return CompletableFuture.completedStage(scan.reply(reply));
    }
    CompletableFuture<RpcReply> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("mcp-scan")
        .start(
            () -> {
              try {
                done.complete(scan.reply(reply));
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  private static Object data(RpcReply.RpcError error) {
    return error.data() == null ? "" : error.data();
  }

  /** What a call does with the session that takes it. */
  @FunctionalInterface
  private interface Step {
    CompletionStage<RpcReply> on(RpcSession session, Duration left);
  }

  @Override
  public void close() {
    supervisor.close();
    oauth.ifPresent(UpstreamOAuth::close);
    subscriptions.missed(); // nobody will hear more of it
  }

  private CompletionStage<RpcReply> attempt(GovernedCall call, Step step, boolean first) {
    Duration left = timeLeft(call);
    if (left.isZero()) {
      return done("deadline", "its deadline has passed");
    }
    boolean renewing = presence.renewing(); // read first: it ends after the next session is there
    Optional<RpcSession> session = presence.session();
    if (session.isEmpty() && first && renewing) {
      return again(call, step, session);
    }
    if (session.isEmpty()) {
      return done("connector_down", presence.health().detail());
    }
    return step.on(session.get(), left)
        .thenCompose(
            reply ->
                first && reply instanceof RpcReply.SessionGone
                    ? again(call, step, session)
                    : CompletableFuture.completedStage(reply));
  }

  /**
   * The server turned the call away with its session, so nothing was done: once more in the next.
   */
  private CompletionStage<RpcReply> again(GovernedCall call, Step step, Optional<RpcSession> gone) {
    return presence
        .sessionAfter(gone)
        .toCompletableFuture()
        .copy()
        .orTimeout(Math.max(1, timeLeft(call).toMillis()), TimeUnit.MILLISECONDS)
        .handle((next, failure) -> failure == null)
        .thenCompose(
            renewed ->
                renewed
                    ? attempt(call, step, false)
                    : CompletableFuture.completedStage(new RpcReply.SessionGone()));
  }

  private Duration timeLeft(GovernedCall call) {
    Duration most = config().timeouts().call();
    Duration left = call.deadline().remaining(clock);
    return left.compareTo(most) < 0 ? left : most;
  }

  private CompletionStage<ToolReply> refused(String kind, String why, long began) {
    return CompletableFuture.completedStage(ToolReplies.failed(name, kind, why, since(began)));
  }

  private static CompletionStage<RpcReply> done(String kind, String why) {
    return CompletableFuture.completedStage(new RpcReply.NotSent(kind, why));
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
