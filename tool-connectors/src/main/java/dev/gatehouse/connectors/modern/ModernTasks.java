package dev.gatehouse.connectors.modern;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcSession;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tasks of one session whose changes the server tells ({@code notifications/tasks}), on one
 * stream for all of them. A server that does not agree to tell is not asked again in the session.
 * Thread-safe.
 */
final class ModernTasks implements ModernListening.Told {

  /** How long a server may take to agree; until then tasks are polled anyway. */
  private static final Duration CONSENT = Duration.ofSeconds(30);

  private final ModernWatching watching;
  private final Map<String, ModernTask> followed = new ConcurrentHashMap<>();
  private volatile boolean unwilling;

  ModernTasks(RpcSession session, Vertx vertx) {
    this.watching = new ModernWatching(session, vertx, "taskIds", this);
  }

  /** Has the task hear of its changes; completes with whether the server agreed to tell them. */
  CompletionStage<Boolean> follow(String id, ModernTask task) {
    if (unwilling || followed.putIfAbsent(id, task) != null) {
      return CompletableFuture.completedStage(false);
    }
    return watching
        .add(id, CONSENT)
        .thenApply(
            reply -> {
              boolean agreed = reply instanceof RpcReply.Result;
              if (!agreed) {
                unwilling = true;
                unfollow(id, task);
              }
              return agreed;
            });
  }

  /** The task needs to hear no more. */
  void unfollow(String id, ModernTask task) {
    if (followed.remove(id, task)) {
      watching.remove(id);
    }
  }

  @Override
  public void task(Map<String, Object> state) {
    ModernTask task = followed.get(Json.text(state, "taskId"));
    if (task != null) {
      task.told(state);
    }
  }

  @Override
  public void gap() {
    followed.values().forEach(ModernTask::lookAgain);
  }

  @Override
  public void over() {
    unwilling = true;
    followed.values().forEach(ModernTask::unheard);
    followed.clear();
  }
}
