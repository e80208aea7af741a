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
 * What one session watches of a kind, resources or tasks, at a modern server: one stream for all of
 * them. Where they change, a new stream takes over before the old one ends, so that nothing is
 * missed. Thread-safe.
 */
final class ModernWatching {

  /** What changes within this time shares one new stream. */
  private static final long GATHERING_MILLIS = 20;

  private static final int NOT_AGREED = -32602;

  private final RpcSession session;
  private final Vertx vertx;
  private final String member;
  private final ModernListening.Told told;
  private final Set<String> wanted = new TreeSet<>();
  private CompletableFuture<List<?>> upcoming = new CompletableFuture<>();
  private boolean gathering;
  private @Nullable ModernListening stream;

  /**
   * Watches nothing yet.
   *
   * @param member of the {@code notifications} of a request, which names what to watch
   * @param told hears what is not for the session's news
   */
  ModernWatching(RpcSession session, Vertx vertx, String member, ModernListening.Told told) {
    this.session = session;
    this.vertx = vertx;
    this.member = member;
    this.told = told;
  }

  /** Watches one more; the reply says whether the server agreed. */
  CompletionStage<RpcReply> add(String name, Duration timeout) {
    CompletableFuture<List<?>> agreed;
    synchronized (this) {
      wanted.add(name);
      agreed = gather();
    }
    return agreed
        .copy()
        .orTimeout(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS)
        .handle(
            (names, failure) -> {
              if (failure != null) {
                return new RpcReply.NotSent("not_supported", "the server does not tell of it");
              }
              return names.contains(name)
                  ? new RpcReply.Result(Map.of())
                  : new RpcReply.RpcError(NOT_AGREED, "the server does not tell of this one", null);
            });
  }

  /** Watches one less. */
  synchronized void remove(String name) {
    if (wanted.remove(name)) {
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
    CompletableFuture<List<?>> awaited = upcoming;
    ModernListening old = stream;
    if (wanted.isEmpty()) {
      stream = null;
      close(old);
      awaited.complete(List.of());
      return;
    }
    ModernListening fresh =
        new ModernListening(session, vertx, Map.of(member, List.copyOf(wanted)), told);
    stream = fresh;
    fresh
        .agreed()
        .whenComplete(
            (agreed, failure) -> {
              close(old);
              if (failure != null) {
                awaited.completeExceptionally(failure);
              } else if (agreed.get(member) instanceof List<?> names) {
                awaited.complete(names);
              } else {
                awaited.complete(List.of());
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
