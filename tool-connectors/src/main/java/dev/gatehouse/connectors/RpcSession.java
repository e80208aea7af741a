package dev.gatehouse.connectors;

import dev.gatehouse.core.tool.ToolListener;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JSON-RPC conversation with an upstream: request ids, running requests and their deadlines,
 * notifications, and answers to what the upstream asks. Thread-safe; never blocks, but for {@link
 * #close}.
 */
final class RpcSession implements WireEvents {

  private static final Logger LOG = LoggerFactory.getLogger(RpcSession.class);

  private static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";

  /** How long the upstream may take to hear of what was given up at the end. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final String upstream;
  private final Vertx vertx;
  private final int messageBytesMax;
  private final ServerNews news;
  private final Questions questions;
  private final UrlElicitations elicitations = new UrlElicitations();
  private final Wire wire;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, PendingCall> pending = new ConcurrentHashMap<>();
  private final Map<Long, PendingCall> listening = new ConcurrentHashMap<>();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  private volatile Dialect dialect = new LegacyDialect();
  private volatile boolean dead;
  private volatile boolean expired;
  private volatile boolean ownGivenUp;

  /**
   * Prepares a conversation; {@link #start} begins it.
   *
   * @param news hears what the upstream says unasked
   * @param wires makes the wire; may block
   */
  RpcSession(McpServerConfig config, Vertx vertx, ServerNews news, WireFactory wires)
      throws UpstreamException {
    this.upstream = config.name();
    this.vertx = vertx;
    this.messageBytesMax = config.limits().messageBytesMax();
    this.news = news;
    this.questions = new Questions(config, this::post, elicitations);
    this.wire = wires.open(this);
  }

  /** Makes the wire of a session. */
  @FunctionalInterface
  interface WireFactory {
    Wire open(WireEvents events) throws UpstreamException;
  }

  /** Begins to listen. */
  void start() {
    wire.start();
  }

  /** Completes, with the reason, when no further request can be sent. */
  CompletionStage<String> ended() {
    return ended;
  }

  /** Why no further request can be sent; empty while one can. */
  Optional<String> endedWhy() {
    return Optional.ofNullable(ended.getNow(null));
  }

  /** Whether no request waits for an answer. */
  boolean idle() {
    return pending.isEmpty();
  }

  /** Whether it ended only because the server forgot it. */
  boolean isExpired() {
    return expired;
  }

  /** Whether the connection is gone for running requests too. */
  boolean dead() {
    return dead;
  }

  /**
   * Gives up the connector's own requests, and those still to come, so that nobody waits for them;
   * calls of tools run on.
   */
  void giveUpOwn(String why) {
    ownGivenUp = true; // first: a request that is being sent right now sees this or is seen below
    pending.values().stream()
        .filter(RpcSession::own)
        .forEach(call -> call.giveUp("connector_down", why));
  }

  /** Speaks that era from now on. */
  void speak(Dialect other) {
    dialect = other;
  }

  Dialect dialect() {
    return dialect;
  }

  /** Makes a caller's request and follows it to its end, as the era has it. */
  CompletionStage<RpcReply> perform(RpcRequest request, ToolListener caller) {
    return dialect.perform(this, request, caller);
  }

  /** Sends a request; the handle's reply never fails and comes by the request's time-out. */
  PendingCall send(RpcRequest request) {
    long id = ids.incrementAndGet();
    Envelope envelope = dialect.envelope(request);
    byte[] message = RpcMessages.request(id, request, envelope.meta());
    PendingCall call = new PendingCall(id, message, request.events(), envelope);
    if (call.message().length > messageBytesMax) {
      call.settle(
          new RpcReply.NotSent(
              "request_too_large",
              "the request has "
                  + call.message().length
                  + " bytes, messageBytesMax is "
                  + messageBytesMax));
      return call;
    }
    pending.put(id, call);
    long timer =
        vertx.setTimer(
            Math.max(1, request.timeout().toMillis()),
            _ -> cancel(call, "deadline", "no answer within " + text(request.timeout())));
    call.reply()
        .whenComplete(
            (_, _) -> {
              vertx.cancelTimer(timer);
              forget(id);
            });
    if (ownGivenUp && own(call)) {
      call.giveUp("connector_down", "the gateway closes the connection to '" + upstream + "'");
    } else if (!ended.isDone()) {
      wire.send(call);
    } else if (expired) {
      call.settle(new RpcReply.SessionGone());
    } else {
      call.giveUp("connector_down", ended.join());
    }
    return call;
  }

  /**
   * Sends a request whose answer is a stream of news: it has no time-out, and nobody waits for it
   * when the session ends.
   */
  PendingCall listen(RpcRequest request) {
    long id = ids.incrementAndGet();
    Envelope envelope = dialect.envelope(request);
    byte[] message = RpcMessages.request(id, request, envelope.meta());
    PendingCall call = new PendingCall(id, message, request.events(), envelope);
    listening.put(id, call);
    call.reply().whenComplete((_, _) -> listening.remove(id));
    if (ended.isDone()) {
      call.giveUp("connector_down", ended.join());
    } else {
      wire.send(call);
    }
    return call;
  }

  /** Has the server's tools listed again: they do not seem to be as they were listed. */
  void suspectTools() {
    news.listsChanged(Set.of(ListKind.TOOLS));
  }

  /** Gives a request up and, when it has left, tells the upstream. */
  void cancel(PendingCall call, String kind, String why) {
    giveUp(call, kind, why);
  }

  private CompletionStage<?> giveUp(PendingCall call, String kind, String why) {
    CompletionStage<?> told = CompletableFuture.completedStage(null);
    boolean heard = call.envelope().standsAlone() && wire.abandoningCancels();
    boolean left = call.giveUp(kind, why);
    if (left) {
      questions.givenUp(call);
    }
    if (left && !heard) {
      Map<String, Object> params = Map.of("requestId", call.id(), "reason", why);
      told = wire.post(RpcMessages.notification("notifications/cancelled", params));
    }
    wire.abandon(call);
    return told;
  }

  /** Sends a notification; the stage completes when whatever is sent next arrives after it. */
  CompletionStage<?> notify(String method) {
    return wire.post(RpcMessages.notification(method, Map.of()));
  }

  /** The legacy handshake is done, with that protocol version. */
  void ready(String protocolVersion) {
    wire.ready(protocolVersion);
  }

  /**
   * Takes no further requests, waits up to {@code drain} for running ones, gives the rest up, and
   * closes the wire. Blocks.
   */
  void close(Duration drain, String why) {
    retired(why);
    if (pending.isEmpty()) {
      idle.complete(null);
    }
    listening.values().forEach(call -> giveUp(call, "connector_down", why));
    Blocking.await(idle, drain);
    CompletableFuture<?>[] told =
        pending.values().stream()
            .map(call -> giveUp(call, "connector_down", why).toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    Blocking.await(CompletableFuture.allOf(told), FAREWELL);
    wire.close();
    died(why);
  }

  @Override
  public void received(Map<String, Object> message, PendingCall exchange) {
    if (message.containsKey("method")) {
      event(message, Optional.of(exchange));
    } else if (number(message.get("id")) == exchange.id()) {
      settle(exchange, message);
    } else if (message.containsKey("error") && message.get("id") == null) {
      settle(exchange, message);
    } else {
      LOG.debug("mcp {}: an answer to another request came in an exchange; ignored", upstream);
    }
  }

  @Override
  public void received(Map<String, Object> message) {
    if (message.containsKey("method")) {
      event(message, Optional.empty());
      return;
    }
    PendingCall call = find(message.get("id"));
    if (call == null) {
      questions.answeredLate(number(message.get("id")));
      LOG.debug("mcp {}: an answer to no running request; ignored", upstream);
    } else {
      settle(call, message);
    }
  }

  @Override
  public void unreadable(long id, String why) {
    PendingCall call = pending.get(id);
    if (call != null) {
      call.settle(new RpcReply.Lost(why));
    }
  }

  @Override
  public void gap() {
    news.missed();
  }

  @Override
  public void expired() {
    expired = true;
    retired("the server ended the session");
  }

  @Override
  public void retired(String why) {
    ended.complete(why);
  }

  @Override
  public void died(String why) {
    dead = true;
    retired(why);
    pending.values().forEach(call -> call.giveUp("connector_down", why));
    listening.values().forEach(call -> call.giveUp("connector_down", why));
  }

  static String tooLongText(int messageBytesMax) {
    return "the answer is longer than messageBytesMax (" + messageBytesMax + ") and was discarded";
  }

  private void settle(PendingCall call, Map<String, Object> message) {
    if (message.get("error") instanceof Map<?, ?>) {
      Map<String, Object> error = Json.object(message, "error");
      RpcReply.RpcError refusal =
          new RpcReply.RpcError(
              number(error.get("code")), Json.text(error, "message"), error.get("data"));
      call.events().caller().ifPresent(caller -> elicitations.refused(refusal, caller));
      call.settle(refusal);
    } else if (message.get("result") instanceof Map<?, ?>) {
      call.settle(new RpcReply.Result(Json.object(message, "result")));
    } else {
      call.settle(new RpcReply.Lost("the answer has neither a result object nor an error"));
    }
  }

  private void event(Map<String, Object> message, Optional<PendingCall> exchange) {
    Object id = message.getOrDefault("id", "");
    boolean asks = id instanceof Number || (id instanceof String text && !text.isEmpty());
    Map<String, Object> params = Json.object(message, "params");
    switch (Json.text(message, "method")) {
      case "notifications/progress" -> progress(params);
      case "notifications/message" -> exchange.ifPresent(call -> call.events().message(params));
      case "notifications/elicitation/complete" ->
          elicitations.complete(Json.text(params, "elicitationId"));
      case "notifications/cancelled" -> withdrawn(params.get("requestId"));
      case "notifications/subscriptions/acknowledged" -> acknowledged(params);
      case "notifications/resources/updated" -> news.resourceUpdated(Json.text(params, "uri"));
      case String method -> {
        if (asks && dialect.hearsRequests()) {
          asked(id, method, params, exchange);
        } else if (!ListKind.changedBy(method).isEmpty()) {
          news.listsChanged(ListKind.changedBy(method));
        } else {
          LOG.debug("mcp {}: a notification that nobody waits for; ignored", upstream);
        }
      }
    }
  }

  private void asked(
      Object id, String method, Map<String, Object> params, Optional<PendingCall> exchange) {
    if (method.equals("ping")) {
      post(RpcMessages.result(id, Map.of()));
    } else if (exchange.isPresent()) {
      questions.asked(id, method, params, exchange.get());
    } else {
      questions.asked(id, method, params, pending.values());
    }
  }

  private void post(byte[] message) {
    var _ = wire.post(message);
  }

  private void progress(Map<String, Object> params) {
    PendingCall call = pending.get(number(params.get("progressToken")));
    if (call != null && call.events().wantsProgress()) {
      Map<String, Object> rest = new HashMap<>(params);
      rest.remove("progressToken");
      call.events().progress(rest);
    }
  }

  /** The server takes a question back, or ends a stream of news. */
  private void withdrawn(@Nullable Object id) {
    PendingCall listen = listening.get(number(id));
    if (listen == null) {
      questions.withdrawn(id);
    } else {
      listen.settle(new RpcReply.Lost("the server ended the stream"));
    }
  }

  private void acknowledged(Map<String, Object> params) {
    PendingCall listen = find(Json.object(params, "_meta").get(SUBSCRIPTION_ID));
    if (listen != null) {
      listen.events().acknowledged(Json.object(params, "notifications"));
    }
  }

  private @Nullable PendingCall find(@Nullable Object id) {
    PendingCall call = pending.get(number(id));
    return call == null ? listening.get(number(id)) : call;
  }

  private void forget(long id) {
    pending.remove(id);
    if (ended.isDone() && pending.isEmpty()) {
      idle.complete(null);
    }
  }

  private static boolean own(PendingCall call) {
    return RpcEvents.NONE.equals(call.events());
  }

  private static long number(@Nullable Object value) {
    return switch (value) {
      case Integer number -> number;
      case Long number -> number;
      case null, default -> -1;
    };
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
