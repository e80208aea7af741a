package dev.gatehouse.connectors.modern;

import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcSession;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The resources of a modern server that one session watches: one stream for all of them. Where they
 * change, a new stream takes over before the old one ends, so that nothing is missed. Thread-safe.
 */
final class ModernWatching {

  /** What changes within this time shares one new stream. */
  private static final long GATHERING_MILLIS = 20;

  private static final int NOT_AGREED = -32602;

  private final RpcSession session;
  private final Vertx vertx;
  private final Set<String> wanted = new TreeSet<>();
  private CompletableFuture<List<?>> upcoming = new CompletableFuture<>();
  private boolean gathering;
  private @Nullable ModernListening stream;

  ModernWatching(RpcSession session, Vertx vertx) {
    this.session = session;
    this.vertx = vertx;
  }

  /** Watches one more; the reply says whether the server agreed. */
  CompletionStage<RpcReply> add(String uri, Duration timeout) {
    CompletableFuture<List<?>> agreed;
    synchronized (this) {
      wanted.add(uri);
      agreed = gather();
    }
    return agreed
        .copy()
        .orTimeout(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS)
        .handle(
            (uris, failure) -> {
              if (failure != null) {
                return new RpcReply.NotSent("not_supported", "the server does not tell of it");
              }
              return uris.contains(uri)
                  ? new RpcReply.Result(Map.of())
                  : new RpcReply.RpcError(
                      NOT_AGREED, "the server does not tell of this resource", null);
            });
  }

  /** Watches one less. */
  synchronized void remove(String uri) {
    if (wanted.remove(uri)) {
      var _ = gather();
    }
  }

  private CompletableFuture<List<?>> gather() {
    if (!gathering) {
      gathering = true;
      upcoming = new CompletableFuture<>();
      vertx.setTimer(GATHERING_MILLIS, _ -> reopen());
    }
    return upcoming;
  }

  private synchronized void reopen() {
    gathering = false;
    CompletableFuture<List<?>> told = upcoming;
    ModernListening old = stream;
    if (wanted.isEmpty()) {
      stream = null;
      close(old);
      told.complete(List.of());
      return;
    }
    ModernListening fresh =
        new ModernListening(session, vertx, Map.of("resourceSubscriptions", List.copyOf(wanted)));
    stream = fresh;
    fresh
        .agreed()
        .whenComplete(
            (agreed, failure) -> {
              close(old);
              if (failure != null) {
                told.completeExceptionally(failure);
              } else if (agreed.get("resourceSubscriptions") instanceof List<?> uris) {
                told.complete(uris);
              } else {
                told.complete(List.of());
              }
            });
    fresh.open();
  }

  private static void close(@Nullable ModernListening stream) {
    if (stream != null) {
      stream.close();
    }
  }
}
