package dev.gatehouse.connectors.modern;

import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.Requests;
import dev.gatehouse.connectors.rpc.RpcEvents;
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
 * whenever it ends. What it brings goes to the session's {@link ServerNews}. Thread-safe.
 */
final class ModernListening {

  private static final Duration REOPEN_MIN = Duration.ofMillis(500);
  private static final Duration REOPEN_MAX = Duration.ofSeconds(30);

  private final RpcSession session;
  private final Vertx vertx;
  private final Map<String, Object> filter;
  private final CompletableFuture<Map<String, Object>> agreed = new CompletableFuture<>();
  private volatile @Nullable PendingCall stream;
  private volatile boolean closed;
  private volatile Duration delay = REOPEN_MIN;
  private volatile boolean reopened;

  /**
   * Prepares it; {@link #open} opens it.
   *
   * @param filter what to be told of: the {@code notifications} of the request
   */
  ModernListening(RpcSession session, Vertx vertx, Map<String, Object> filter) {
    this.session = session;
    this.vertx = vertx;
    this.filter = filter;
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
                new Acknowledgement()));
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
          agreed.completeExceptionally(
              new UpstreamException("subscriptions/listen: " + Requests.describe(reply)));
    }
  }

  private void reopen() {
    if (closed || session.endedWhy().isPresent()) {
      agreed.completeExceptionally(new UpstreamException("subscriptions/listen: it ended"));
      return;
    }
    Duration pause = delay;
    Duration doubled = pause.multipliedBy(2);
    delay = doubled.compareTo(REOPEN_MAX) > 0 ? REOPEN_MAX : doubled;
    reopened = true;
    vertx.setTimer(pause.toMillis(), _ -> open());
  }

  /** Hears the server's consent, which is the first thing on the stream. */
  private final class Acknowledgement implements RpcEvents {
    @Override
    public boolean wantsProgress() {
      return false;
    }

    @Override
    public String logLevel() {
      return "";
    }

    @Override
    public Map<String, Object> capabilities() {
      return Map.of();
    }

    @Override
    public void progress(Map<String, Object> params) {}

    @Override
    public void message(Map<String, Object> params) {}

    @Override
    public void acknowledged(Map<String, Object> notifications) {
      delay = REOPEN_MIN;
      agreed.complete(notifications);
      if (reopened) {
        session.gap();
      }
    }
  }
}
