package dev.gatehouse.connectors.rpc;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.waits.Blocking;
import dev.gatehouse.core.tool.ToolListener;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One JSON-RPC conversation with an upstream, in the era that its {@link Dialect} speaks: requests
 * with their deadlines, and the end of it all. What arrives is sorted by {@code Arrivals}.
 * Thread-safe; never blocks, but for {@link #close}.
 */
public final class RpcSession {

  /** How long the upstream may take to hear of what was given up at the end. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private static final String DOWN = "connector_down";

  private final String upstream;
  private final Vertx vertx;
  private final int messageBytesMax;
  private final ServerNews news;
  private final PendingCalls calls = new PendingCalls();
  private final Wire wire;
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private volatile @Nullable Dialect dialect;
  private volatile boolean dead;
  private volatile boolean expired;
  private volatile boolean ownGivenUp;

  /**
   * Prepares a conversation; {@link #start} begins it.
   *
   * @param news hears what the upstream says unasked
   * @param wires makes the wire; may block
   */
  public RpcSession(McpServerConfig config, Vertx vertx, ServerNews news, WireFactory wires)
      throws UpstreamException {
    this.upstream = config.name();
    this.vertx = vertx;
    this.messageBytesMax = config.limits().messageBytesMax();
    this.news = news;
    this.wire = wires.open(new Arrivals(upstream, this, calls, news));
  }

  /** Makes the wire of a session. */
  @FunctionalInterface
  public interface WireFactory {
    Wire open(WireEvents events) throws UpstreamException;
  }

  /** Begins to listen. */
  public void start() {
    wire.start();
  }

  /** Completes, with the reason, when no further request can be sent. */
  public CompletionStage<String> ended() {
    return ended;
  }

  /** Why no further request can be sent; empty while one can. */
  public Optional<String> endedWhy() {
    return Optional.ofNullable(ended.getNow(null));
  }

  /** Whether no request waits for an answer. */
  public boolean idle() {
    return calls.waiting().isEmpty();
  }

  /** The requests that wait for an answer. */
  public Collection<PendingCall> running() {
    return calls.waiting();
  }

  /** Whether it ended only because the server forgot it. */
  public boolean isExpired() {
    return expired;
  }

  /** Whether the connection is gone for running requests too. */
  public boolean dead() {
    return dead;
  }

  /**
   * Gives up the connector's own requests, and those still to come, so that nobody waits for them;
   * calls of tools run on.
   */
  public void giveUpOwn(String why) {
    ownGivenUp = true; // first: a request that is being sent right now sees this or is seen below
    calls.waiting().stream().filter(RpcSession::own).forEach(call -> call.giveUp(DOWN, why));
  }

  /** Speaks that era from now on; before the first request, one must be spoken. */
  public void speak(Dialect other) {
    dialect = other;
  }

  /** The era spoken. */
  public Dialect dialect() {
    Dialect spoken = dialect;
    if (spoken == null) {
      throw new IllegalStateException("no era of MCP is spoken with '" + upstream + "' yet");
    }
    return spoken;
  }

  /** Takes what the server asks; nothing before an era is spoken. */
  ServerRequests requests() {
    Dialect spoken = dialect;
    return spoken == null ? ServerRequests.NONE : spoken.requests();
  }

  /** Makes a caller's request and follows it to its end, as the era has it. */
  public CompletionStage<RpcReply> perform(RpcRequest request, ToolListener caller) {
    return dialect().perform(this, request, caller);
  }

  /** Sends a request; the handle's reply never fails and comes by the request's time-out. */
  public PendingCall send(RpcRequest request) {
    PendingCall call = pending(request);
    int bytes = call.message().length;
    if (bytes > messageBytesMax) {
      String why = "the request has " + bytes + " bytes, messageBytesMax is " + messageBytesMax;
      call.settle(new RpcReply.NotSent("request_too_large", why));
      return call;
    }
    calls.add(call);
    long timer =
        vertx.setTimer(
            Math.max(1, request.timeout().toMillis()),
            _ -> cancel(call, "deadline", "no answer within " + text(request.timeout())));
    call.reply().whenComplete((_, _) -> vertx.cancelTimer(timer));
    if (ownGivenUp && own(call)) {
      call.giveUp(DOWN, "the gateway closes the connection to '" + upstream + "'");
    } else if (!ended.isDone()) {
      wire.send(call);
    } else if (expired) {
      call.settle(new RpcReply.SessionGone());
    } else {
      call.giveUp(DOWN, ended.join());
    }
    return call;
  }

  /**
   * Sends a request whose answer is a stream of news: it has no time-out, and nobody waits for it
   * when the session ends.
   */
  public PendingCall listen(RpcRequest request) {
    PendingCall call = pending(request);
    calls.addStream(call);
    if (ended.isDone()) {
      call.giveUp(DOWN, ended.join());
    } else {
      wire.send(call);
    }
    return call;
  }

  private PendingCall pending(RpcRequest request) {
    long id = calls.nextId();
    Envelope envelope = dialect().envelope(request);
    byte[] message = RpcMessages.request(id, request, envelope.meta());
    return new PendingCall(id, message, request.events(), envelope);
  }

  /** Has the server's tools listed again: they do not seem to be as they were listed. */
  public void suspectTools() {
    news.listsChanged(Set.of(ListKind.TOOLS));
  }

  /** News may have been missed: lists and resources may have changed unheard. */
  public void gap() {
    news.missed();
  }

  /** Gives a request up and, when it has left, tells the upstream. */
  public void cancel(PendingCall call, String kind, String why) {
    var _ = giveUp(call, kind, why);
  }

  private CompletionStage<?> giveUp(PendingCall call, String kind, String why) {
    CompletionStage<?> told = CompletableFuture.completedStage(null);
    boolean heard = call.envelope().standsAlone() && wire.abandoningCancels();
    boolean left = call.giveUp(kind, why);
    if (left) {
      requests().givenUp(call);
    }
    if (left && !heard) {
      Map<String, Object> params = Map.of("requestId", call.id(), "reason", why);
      told = wire.post(RpcMessages.notification("notifications/cancelled", params));
    }
    wire.abandon(call);
    return told;
  }

  /** Sends a notification; the stage completes when whatever is sent next arrives after it. */
  public CompletionStage<?> notify(String method) {
    return wire.post(RpcMessages.notification(method, Map.of()));
  }

  /** Sends the answer to something that the server asked. */
  public void answer(byte[] message) {
    var _ = wire.post(message);
  }

  /** The opening of a conversation that has one is done, with that protocol version. */
  public void ready(String protocolVersion) {
    wire.ready(protocolVersion);
  }

  /** No further request can be sent, as the server forgot the session. */
  public void expired() {
    expired = true;
    retired("the server ended the session");
  }

  /** No further request can be sent. */
  void retired(String why) {
    ended.complete(why);
  }

  /** The connection is gone. */
  void died(String why) {
    dead = true;
    retired(why);
    calls.waiting().forEach(call -> call.giveUp(DOWN, why));
    calls.streams().forEach(call -> call.giveUp(DOWN, why));
  }

  /**
   * Takes no further requests, waits up to {@code drain} for running ones, gives the rest up, and
   * closes the wire. Blocks.
   */
  public void close(Duration drain, String why) {
    retired(why);
    calls.streams().forEach(call -> cancel(call, DOWN, why));
    Blocking.await(calls.drained(), drain);
    CompletableFuture<?>[] told =
        calls.waiting().stream()
            .map(call -> giveUp(call, DOWN, why).toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    Blocking.await(CompletableFuture.allOf(told), FAREWELL);
    wire.close();
    died(why);
  }

  private static boolean own(PendingCall call) {
    return QuietEvents.NONE.equals(call.events());
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
