package dev.gatehouse.connectors.http;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.QuietEvents;
import dev.gatehouse.connectors.rpc.Wire;
import dev.gatehouse.connectors.rpc.WireEvents;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages over HTTP: each is a POST of its own. What an era has beyond that is its {@link
 * HttpConversation}.
 */
public final class HttpWire implements Wire {

  private static final Logger LOG = LoggerFactory.getLogger(HttpWire.class);
  private static final Duration POST_TIMEOUT = Duration.ofSeconds(10);

  private final String upstream;
  private final Vertx vertx;
  private final HttpEndpoint endpoint;
  private final WireEvents events;
  private final UpstreamLimits limits;
  private final Map<PendingCall, HttpExchange> exchanges = new ConcurrentHashMap<>();
  private final AtomicInteger posts = new AtomicInteger();
  private final HttpConversation conversation;

  /**
   * Without a request yet.
   *
   * @param conversation takes part in every request that does not stand alone
   */
  public HttpWire(
      McpServerConfig config,
      Vertx vertx,
      HttpEndpoint endpoint,
      WireEvents events,
      HttpConversation conversation) {
    this.upstream = config.name();
    this.vertx = vertx;
    this.endpoint = endpoint;
    this.events = events;
    this.limits = config.limits();
    this.conversation = conversation;
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
    conversation.ready(version);
  }

  @Override
  public void close() {
    exchanges.values().forEach(HttpExchange::abort);
    conversation.close();
  }

  HttpTurn turn(PendingCall call) {
    return call.envelope().standsAlone()
        ? new HttpTurn.Alone(call.envelope().headers())
        : conversation.turn(call);
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

  int messageBytesMax() {
    return limits.messageBytesMax();
  }

  /** An exchange ended, one way or another. */
  void ended(PendingCall call) {
    exchanges.remove(call);
  }
}
