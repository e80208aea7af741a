package dev.gatehouse.connectors.modern;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.Requests;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcSession;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A task that a modern server made of a call (extension {@code io.modelcontextprotocol/tasks}):
 * watched until it ends, and its questions answered. It outlives the session in which it began.
 *
 * <p>Where the server agrees to tell of changes, they are awaited, and polls become seldom;
 * everywhere else it is polled as often as the server says. One thing happens at a time: what the
 * server tells while something else is under way is looked at after that.
 */
final class ModernTask {

  /** Longest task id. */
  static final int ID_LENGTH_MAX = 1_024;

  private static final Duration POLL_DEFAULT = Duration.ofSeconds(1);
  private static final Duration POLL_MIN = Duration.ofMillis(50);
  private static final Duration POLL_MAX = Duration.ofSeconds(30);
  private static final Duration REPLY = Duration.ofSeconds(30);
  private static final Duration FAREWELL = Duration.ofSeconds(10);

  private final ModernCall call;
  private final ModernDialect dialect;
  private final RpcSession began;
  private final String id;
  private final Set<String> asked = new HashSet<>();
  private Duration pollEvery = POLL_DEFAULT;
  private int failures;

  /** How a change gets known. */
  private enum Hearing {
    /** By polls alone. */
    NONE,
    /** The server tells from now on, but what it did before is not known yet. */
    FROM_NOW,
    /** The server tells. */
    ALL
  }

  private Hearing hearing = Hearing.NONE; // guarded by this
  private boolean waiting; // guarded by this
  private long pauses; // guarded by this
  private Optional<Map<String, Object>> latest = Optional.empty(); // guarded by this

  ModernTask(ModernCall call, ModernDialect dialect, RpcSession began, String id) {
    this.call = call;
    this.dialect = dialect;
    this.began = began;
    this.id = id;
  }

  /** Begins, with the state in which it was made. */
  void follow(Map<String, Object> state) {
    observe(state);
    if (call.over()) {
      return;
    }
    ModernTasks tasks = dialect.tasks(began);
    var _ =
        tasks
            .follow(id, this)
            .thenAccept(
                agreed -> {
                  if (agreed) {
                    hear(Hearing.FROM_NOW);
                    call.whenOver(() -> tasks.unfollow(id, this));
                  }
                });
  }

  /** The server tells that it is in that state. */
  void told(Map<String, Object> state) {
    synchronized (this) {
      if (!waiting) {
        latest = Optional.of(state);
        return;
      }
      waiting = false;
    }
    observe(state);
  }

  /** The server may have told of a change, unheard. */
  void lookAgain() {
    hear(Hearing.FROM_NOW);
    pollIfWaiting();
  }

  /** The server tells no more. */
  void unheard() {
    hear(Hearing.NONE);
    pollIfWaiting();
  }

  private synchronized void hear(Hearing other) {
    hearing = other;
  }

  private void pollIfWaiting() {
    synchronized (this) {
      if (!waiting) {
        return;
      }
      waiting = false;
    }
    poll();
  }

  /** Waits until the server tells of a change, or until it is time to ask. */
  private void pause() {
    Optional<Map<String, Object>> missed;
    synchronized (this) {
      missed = latest;
      latest = Optional.empty();
      if (missed.isEmpty()) {
        waiting = true;
        long pause = ++pauses;
        Duration time = hearing == Hearing.ALL ? POLL_MAX : pollEvery;
        call.later(time, () -> pollAfter(pause));
      }
    }
    missed.ifPresent(this::observe);
  }

  private void pollAfter(long pause) {
    synchronized (this) {
      if (!waiting || pause != pauses) {
        return;
      }
      waiting = false;
    }
    poll();
  }

  private synchronized void noteLook() {
    if (hearing == Hearing.FROM_NOW) {
      hearing = Hearing.ALL;
    }
  }

  /** Acts on a state of the task. */
  private void observe(Map<String, Object> state) {
    if (call.over()) {
      return;
    }
    failures = 0;
    if (state.get("pollIntervalMs") instanceof Number millis) {
      pollEvery = between(POLL_MIN, Duration.ofMillis(millis.longValue()), POLL_MAX);
    }
    switch (Json.text(state, "status")) {
      case "working" -> pause();
      case "input_required" -> inputRequired(Json.object(state, "inputRequests"));
      case "completed" ->
          call.finish(
              state.get("result") instanceof Map<?, ?>
                  ? new RpcReply.Result(Json.object(state, "result"))
                  : new RpcReply.Lost("its task ended without a result"));
      case "failed" -> {
        Map<String, Object> error = Json.object(state, "error");
        long code = error.get("code") instanceof Number number ? number.longValue() : 0;
        call.finish(new RpcReply.RpcError(code, Json.text(error, "message"), error.get("data")));
      }
      case "cancelled" -> call.finish(new RpcReply.Lost("the server cancelled its task"));
      default -> call.finish(new RpcReply.Lost("its task is in a state that is not known here"));
    }
  }

  /** Tells the server that nobody waits any more; any thread. */
  void cancel() {
    var _ = send("tasks/cancel", Map.of("taskId", id), FAREWELL);
  }

  private void poll() {
    if (!call.over()) {
      noteLook();
      send("tasks/get", Map.of("taskId", id), shorter(call.left()))
          .reply()
          .thenAccept(reply -> replied(reply, this::poll, this::observe));
    }
  }

  private void inputRequired(Map<String, Object> inputRequests) {
    Map<String, Object> fresh = new LinkedHashMap<>(inputRequests);
    fresh.keySet().removeAll(asked);
    if (fresh.isEmpty()) {
      pause();
      return;
    }
    asked.addAll(fresh.keySet());
    if (asked.size() > call.limits().flow().roundsMax() * call.limits().questionsMax()) {
      call.finish(new RpcReply.Lost("its task asked more than can be answered"));
      return;
    }
    call.ask(fresh, this::update);
  }

  private void update(Map<String, Object> answers) {
    if (!call.over()) {
      Map<String, Object> params = Map.of("taskId", id, "inputResponses", answers);
      send("tasks/update", params, shorter(call.left()))
          .reply()
          .thenAccept(reply -> replied(reply, () -> update(answers), _ -> poll()));
    }
  }

  private PendingCall send(String method, Map<String, Object> params, Duration timeout) {
    RpcSession session = dialect.sessionAfter(began);
    return session.send(call.part(method, params, timeout));
  }

  private void replied(RpcReply reply, Runnable again, Consumer<Map<String, Object>> then) {
    switch (reply) {
      case RpcReply.Result result -> then.accept(result.value());
      case RpcReply.RpcError error ->
          call.finish(
              new RpcReply.Lost("the server answered error " + error.code() + " about its task"));
      case RpcReply.NotSent _, RpcReply.Lost _, RpcReply.SessionGone _, RpcReply.Unanswered _ -> {
        if (++failures < call.limits().flow().taskFailuresMax()) {
          call.later(POLL_DEFAULT.multipliedBy(failures), again);
        } else {
          call.finish(new RpcReply.Lost("its task is out of reach: " + Requests.describe(reply)));
        }
      }
    }
  }

  private static Duration shorter(Duration left) {
    return left.compareTo(REPLY) < 0 ? left : REPLY;
  }

  private static Duration between(Duration least, Duration wanted, Duration most) {
    if (wanted.compareTo(least) < 0) {
      return least;
    }
    return wanted.compareTo(most) > 0 ? most : wanted;
  }
}
