package dev.gatehouse.connectors.http;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.config.UpstreamTimeouts;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.QuietEvents;
import dev.gatehouse.connectors.rpc.Wire;
import dev.gatehouse.connectors.rpc.WireEvents;
import dev.gatehouse.connectors.waits.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages over Streamable HTTP (MCP 2025-11-25, "Transports"): each is a POST of its own, and a
 * GET stream brings what the server says unasked, where it offers one.
 */
public final class HttpWire implements Wire {

  private static final Logger LOG = LoggerFactory.getLogger(HttpWire.class);
  private static final Duration POST_TIMEOUT = Duration.ofSeconds(10);
  private static final int SESSION_ID_LENGTH_MAX = 1_024;

  private final String upstream;
  private final Vertx vertx;
  private final HttpEndpoint endpoint;
  private final WireEvents events;
  private final UpstreamLimits limits;
  private final UpstreamTimeouts timeouts;
  private final Map<PendingCall, HttpExchange> exchanges = new ConcurrentHashMap<>();
  private final AtomicInteger posts = new AtomicInteger();
  private final HttpEventStream stream;
  private volatile String sessionId = "";
  private volatile String protocolVersion = "";

  public HttpWire(McpServerConfig config, Vertx vertx, HttpEndpoint endpoint, WireEvents events) {
    this.upstream = config.name();
    this.vertx = vertx;
    this.endpoint = endpoint;
    this.events = events;
    this.limits = config.limits();
    this.timeouts = config.timeouts();
    this.stream = new HttpEventStream(this);
  }

  @Override
  public void start() {}

  @Override
  public void send(PendingCall call) {
    HttpExchange exchange = new HttpExchange(this, call);
    exchanges.put(call, exchange);
    exchange.start();
  }

  @Override
  public CompletionStage<?> post(byte[] message) {
    if (posts.incrementAndGet() > limits.flow().postsMax()) {
      posts.decrementAndGet();
      LOG.debug(
          "mcp {}: a notification was dropped, postsMax ({}) are on their way",
          upstream,
          limits.flow().postsMax());
      return CompletableFuture.completedStage(null);
    }
    PendingCall call = new PendingCall(0, message, QuietEvents.NONE);
    long timer =
        vertx.setTimer(
            POST_TIMEOUT.toMillis(),
            _ -> {
              call.giveUp("deadline", "not accepted in time");
              abandon(call);
            });
    send(call);
    return call.reply()
        .whenComplete(
            (_, _) -> {
              vertx.cancelTimer(timer);
              posts.decrementAndGet();
            });
  }

  @Override
  public void abandon(PendingCall call) {
    HttpExchange exchange = exchanges.get(call);
    if (exchange != null) {
      exchange.abort();
    }
  }

  @Override
  public boolean abandoningCancels() {
    return true;
  }

  @Override
  public void ready(String version) {
    protocolVersion = version;
    stream.open();
  }

  @Override
  public void close() {
    stream.close();
    exchanges.values().forEach(HttpExchange::abort);
    if (!sessionId.isEmpty()) {
      Blocking.await(
          endpoint
              .authorizer()
              .request("DELETE", Optional.empty())
              .headers()
              .thenCompose(credentials -> delete(credentials).toCompletionStage()),
          timeouts.close());
    }
  }

  private Future<HttpClientResponse> delete(Map<String, String> credentials) {
    return endpoint
        .delete()
        .compose(
            request -> {
              identify(request);
              credentials.forEach(request::putHeader);
              return request.send();
            });
  }

  HttpEndpoint endpoint() {
    return endpoint;
  }

  Vertx vertx() {
    return vertx;
  }

  WireEvents events() {
    return events;
  }

  UpstreamLimits limits() {
    return limits;
  }

  int messageBytesMax() {
    return limits.messageBytesMax();
  }

  String upstream() {
    return upstream;
  }

  /** Puts session and version on a request; returns whether it names a session. */
  boolean identify(HttpClientRequest request) {
    String id = sessionId;
    if (!id.isEmpty()) {
      request.putHeader("Mcp-Session-Id", id);
    }
    if (!protocolVersion.isEmpty()) {
      request.putHeader("MCP-Protocol-Version", protocolVersion);
    }
    return !id.isEmpty();
  }

  /** Takes the session id that the server gave with its answer to {@code initialize}. */
  void adopt(String id) {
    if (protocolVersion.isEmpty()
        && id.length() <= SESSION_ID_LENGTH_MAX
        && id.chars().allMatch(c -> c > ' ' && c < 127)) {
      sessionId = id;
    }
  }

  /** An exchange ended, one way or another. */
  void ended(PendingCall call) {
    exchanges.remove(call);
  }
}
