package dev.gatehouse.connectors;

import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.ExecutionGrant;
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
final class Upstream implements ToolConnector {

  private final String name;
  private final Catalog catalog;
  private final InstantSource clock;
  private final Supervisor supervisor;
  private final AtomicInteger running = new AtomicInteger();

  Upstream(
      McpServerConfig config,
      Catalog catalog,
      Vertx vertx,
      InstantSource clock,
      RandomGenerator random) {
    this.name = config.name();
    this.catalog = catalog;
    this.clock = clock;
    this.supervisor =
        new Supervisor(config, Sessions.of(config, vertx, random), catalog, vertx, random);
  }

  /** Begins to connect, in the background. */
  void start() {
    supervisor.start();
  }

  McpServerConfig config() {
    return supervisor.config();
  }

  /** Governs it by another config from now on; its connection stays. */
  void govern(McpServerConfig other) {
    supervisor.govern(other);
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
    return supervisor.health();
  }

  @Override
  public CompletionStage<ToolReply> execute(ExecutionGrant grant, ToolListener listener) {
    long began = System.nanoTime();
    if (!(grant.call() instanceof ToolCall call) || !call.connector().equals(name)) {
      return refused("wrong_connector", "the grant is for another connector", began);
    }
    int callsMax = config().limits().callsMax();
    if (running.incrementAndGet() > callsMax) {
      running.decrementAndGet();
      return refused("connector_busy", callsMax + " calls run on it already (callsMax)", began);
    }
    return attempt(call, listener, true)
        .handle(
            (reply, failure) -> {
              running.decrementAndGet();
              return failure == null
                  ? ToolReplies.of(name, reply, since(began))
                  : ToolReplies.failed(name, "connector_failed", "an internal error", since(began));
            });
  }

  @Override
  public void close() {
    supervisor.close();
  }

  private CompletionStage<RpcReply> attempt(ToolCall call, ToolListener listener, boolean first) {
    Duration left = timeLeft(call);
    if (left.isZero()) {
      return done("deadline", "its deadline has passed");
    }
    boolean renewing = supervisor.renewing(); // read first: it ends after the next session is there
    Optional<RpcSession> session = supervisor.session();
    if (session.isEmpty() && first && renewing) {
      return again(call, listener, session);
    }
    if (session.isEmpty()) {
      return done("connector_down", supervisor.health().detail());
    }
    return session
        .get()
        .perform(request(call, listener, left), listener)
        .thenCompose(
            reply ->
                first && reply instanceof RpcReply.SessionGone
                    ? again(call, listener, session)
                    : CompletableFuture.completedStage(reply));
  }

  /**
   * The server turned the call away with its session, so nothing was done: once more in the next.
   */
  private CompletionStage<RpcReply> again(
      ToolCall call, ToolListener listener, Optional<RpcSession> gone) {
    return supervisor
        .sessionAfter(gone)
        .toCompletableFuture()
        .copy()
        .orTimeout(Math.max(1, timeLeft(call).toMillis()), TimeUnit.MILLISECONDS)
        .handle((next, failure) -> failure == null)
        .thenCompose(
            renewed ->
                renewed
                    ? attempt(call, listener, false)
                    : CompletableFuture.completedStage(new RpcReply.SessionGone()));
  }

  private Duration timeLeft(ToolCall call) {
    Duration most = config().timeouts().call();
    Duration left = call.deadline().remaining(clock);
    return left.compareTo(most) < 0 ? left : most;
  }

  private static RpcRequest request(ToolCall call, ToolListener listener, Duration timeout) {
    return new RpcRequest(
        "tools/call",
        Map.of("name", call.tool().upstreamName(), "arguments", call.arguments()),
        call.traceParent().isEmpty() ? Map.of() : Map.of("traceparent", call.traceParent()),
        timeout,
        new ListenerEvents(listener));
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

  /** Hands notifications on to the caller's side. */
  private record ListenerEvents(ToolListener listener) implements RpcEvents {
    @Override
    public boolean wantsProgress() {
      return listener.wantsProgress();
    }

    @Override
    public Map<String, Object> capabilities() {
      return listener.capabilities();
    }

    @Override
    public void progress(Map<String, Object> params) {
      listener.progress(params);
    }

    @Override
    public void message(Map<String, Object> params) {
      listener.message(params);
    }
  }
}
