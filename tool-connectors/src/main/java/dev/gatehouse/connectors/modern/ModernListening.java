package dev.gatehouse.connectors.modern;

import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.QuietEvents;
import dev.gatehouse.connectors.rpc.Requests;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcRequest;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.connectors.rpc.ServerNews;
import dev.gatehouse.connectors.rpc.UpstreamException;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A stream of a modern server's change notifications ({@code subscriptions/listen}), opened again
 * whenever it ends. What it brings goes to the session's {@link ServerNews}, and to whom it tells
 * beside. Thread-safe.
 */
final class ModernListening {

  private static final Duration REOPEN_MIN = Duration.ofMillis(500);
  private static final Duration REOPEN_MAX = Duration.ofSeconds(30);

  private final RpcSession session;
  private final Vertx vertx;
  private final Map<String, Object> filter;
  private final Told told;
  private final CompletableFuture<Map<String, Object>> agreed = new CompletableFuture<>();
  private volatile @Nullable PendingCall stream;
  private volatile boolean closed;
  private volatile Duration delay = REOPEN_MIN;
  private volatile boolean reopened;

  /**
   * Prepares it; {@link #open} opens it.
   *
   * @param filter what to be told of: the {@code notifications} of the request
   * @param told hears what is not for the session's {@link ServerNews}
   */
  ModernListening(RpcSession session, Vertx vertx, Map<String, Object> filter, Told told) {
    this.session = session;
    this.vertx = vertx;
    this.filter = filter;
    this.told = told;
  }

  /** Hears of one stream. Methods return at once. */
  interface Told {

    /** A task changed; its whole state. */
    void task(Map<String, Object> state);

    /** The stream was opened again: something may have been missed. */
    void gap();

    /** The stream ended for good. */
    void over();
  }

  /** Opens it. */
  void open() {
    if (closed || session.endedWhy().isPresent()) {
      return;
    }
    PendingCall call =
        session.listen(
            new RpcRequest(
                "subscriptions/listen",
                Map.of("notifications", filter),
                Map.of(),
                REOPEN_MAX,
                new Stream()));
    stream = call;
    if (closed) {
      session.cancel(call, "cancelled", "no longer wanted");
    }
    call.reply().thenAccept(this::ended);
  }

  /** What the server agreed to tell; fails when it tells nothing at all. */
  CompletionStage<Map<String, Object>> agreed() {
    return agreed;
  }

  /** Ends it. */
  void close() {
    closed = true; // first: what is being opened right now sees this or is seen below
    PendingCall call = stream;
    if (call != null) {
      session.cancel(call, "cancelled", "no longer wanted");
    }
  }

  private void ended(RpcReply reply) {
    switch (reply) {
      case RpcReply.Result _, RpcReply.Lost _ -> reopen(); // closed in good order, or broken
      case RpcReply.RpcError _, RpcReply.NotSent _, RpcReply.SessionGone _, RpcReply.Unanswered _ ->
          over(Requests.describe(reply));
    }
  }

  private void reopen() {
    if (closed || session.endedWhy().isPresent()) {
      over("it ended");
      return;
    }
    Duration pause = delay;
    Duration doubled = pause.multipliedBy(2);
    delay = doubled.compareTo(REOPEN_MAX) > 0 ? REOPEN_MAX : doubled;
    reopened = true;
    vertx.setTimer(pause.toMillis(), _ -> open());
  }

  private void over(String why) {
    agreed.completeExceptionally(new UpstreamException("subscriptions/listen: " + why));
    if (!closed) {
      told.over();
    }
  }

  /** Hears the server's consent, which is the first thing on the stream, and what comes after. */
  private final class Stream extends QuietEvents {

    Stream() {
      super(Map.of());
    }

    @Override
    public void acknowledged(Map<String, Object> notifications) {
      delay = REOPEN_MIN;
      agreed.complete(notifications);
      if (reopened) {
        told.gap();
      }
    }

    @Override
    public void taskChanged(Map<String, Object> state) {
      told.task(state);
    }
  }
}
