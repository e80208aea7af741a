package dev.gatehouse.connectors.modern;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.QuietEvents;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcRequest;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.connectors.waits.Budget;
import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.core.tool.ToolListener;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A caller's request towards a modern server, followed to its end (MCP 2026-07-28, "Multi
 * Round-Trip Requests").
 *
 * <p>SENT → answered, or → ASKING → SENT with the answers, or → PAUSING → SENT again, or → a {@link
 * ModernTask}. One thing happens at a time; only the caller's cancellation and the time-out come in
 * between, and whoever completes {@code done} first has ended it.
 */
final class ModernCall {

  private static final Duration AGAIN_MIN = Duration.ofMillis(50);
  private static final Duration AGAIN_MAX = Duration.ofSeconds(2);
  private static final int INTERNAL_ERROR = -32603;
  private static final int HEADER_MISMATCH = -32020;
  private static final int UNSUPPORTED_VERSION = -32022;

  private final ModernDialect dialect;
  private final RpcSession session;
  private final RpcRequest request;
  private final ToolListener caller;
  private final Budget budget;
  private final CompletableFuture<RpcReply> done = new CompletableFuture<>();
  private volatile @Nullable PendingCall running;
  private volatile @Nullable ModernTask task;
  private volatile boolean cancelled;
  private int rounds;
  private int agains;
  private boolean relisted;

  ModernCall(ModernDialect dialect, RpcSession session, RpcRequest request, ToolListener caller) {
    this.dialect = dialect;
    this.session = session;
    this.request = request;
    this.caller = caller;
    this.budget = Budget.of(request.timeout());
  }

  CompletionStage<RpcReply> run() {
    long timer =
        dialect.vertx().setTimer(Math.max(1, request.timeout().toMillis()), _ -> tooLate());
    var _ = done.whenComplete((_, _) -> dialect.vertx().cancelTimer(timer));
    caller.cancelled().thenAccept(_ -> cancel());
    send(request.params(), request.timeout());
    return done;
  }

  /** What is left of the call's time. */
  Duration left() {
    return budget.left();
  }

  /** Does that when the call is over. */
  void whenOver(Runnable step) {
    var _ = done.whenComplete((_, _) -> step.run());
  }

  boolean over() {
    return done.isDone();
  }

  void finish(RpcReply reply) {
    done.complete(reply instanceof RpcReply.Result result ? bare(result) : reply);
  }

  /** How far it may go. */
  UpstreamLimits limits() {
    return dialect.limits();
  }

  /** Does that after a pause. */
  void later(Duration pause, Runnable step) {
    dialect.vertx().setTimer(Math.max(1, pause.toMillis()), _ -> step.run());
  }

  /** A request that belongs to this call. */
  RpcRequest part(String method, Map<String, Object> params, Duration timeout) {
    return new RpcRequest(
        method, params, request.meta(), timeout, new QuietEvents(request.events().capabilities()));
  }

  /** Puts a server's questions to the caller; ends the call where no answer comes. */
  void ask(Map<String, Object> inputRequests, Consumer<Map<String, Object>> then) {
    Map<String, ClientRequest> questions;
    try {
      questions = ModernQuestions.of(inputRequests, limits().questionsMax());
    } catch (MalformedMessageException e) {
      finish(new RpcReply.Lost(e.reason()));
      return;
    }
    caller
        .ask(questions)
        .whenComplete(
            (answers, failure) -> {
              if (failure == null) {
                then.accept(answers);
              } else {
                refused(failure);
              }
            });
  }

  private void send(Map<String, Object> params, Duration timeout) {
    if (over()) {
      return;
    }
    PendingCall call =
        session.send(
            new RpcRequest(request.method(), params, request.meta(), timeout, request.events()));
    running = call;
    if (cancelled) {
      session.cancel(call, "cancelled", "the caller cancelled it");
    }
    call.reply().thenAccept(this::answered);
  }

  private void answered(RpcReply reply) {
    running = null;
    switch (reply) {
      case RpcReply.Result result -> {
        switch (Json.text(result.value(), "resultType")) {
          case "", "complete" -> finish(result);
          case "input_required" -> inputRequired(result.value());
          case "task" -> taskMade(result.value());
          default -> finish(new RpcReply.Lost("its answer is of a type that is not known here"));
        }
      }
      case RpcReply.RpcError error when error.code() == HEADER_MISMATCH && !relisted -> relist();
      case RpcReply.RpcError error when error.code() == UNSUPPORTED_VERSION -> {
        session.expired(); // it spoke this version before: find out what it speaks now
        finish(new RpcReply.SessionGone());
      }
      case RpcReply.RpcError _,
          RpcReply.Unanswered _,
          RpcReply.NotSent _,
          RpcReply.SessionGone _,
          RpcReply.Lost _ ->
          finish(reply);
    }
  }

  private void inputRequired(Map<String, Object> result) {
    Map<String, Object> questions = Json.object(result, "inputRequests");
    if (questions.isEmpty() && !result.containsKey("requestState")) {
      finish(new RpcReply.Lost("it asked for input without a question"));
    } else if (questions.isEmpty() && agains < limits().flow().repeatsMax()) {
      later(pause(agains++), () -> send(next(result, Map.of()), left()));
    } else if (!questions.isEmpty() && rounds < limits().flow().roundsMax()) {
      rounds++;
      ask(questions, answers -> send(next(result, answers), left()));
    } else {
      FlowLimits most = limits().flow();
      unanswered(
          INTERNAL_ERROR,
          questions.isEmpty()
              ? "it had the call repeated more often than repeatsMax (" + most.repeatsMax() + ")"
              : "it asked more often than roundsMax (" + most.roundsMax() + ")");
    }
  }

  /** The original params, with the answers and with the state exactly as it came. */
  private Map<String, Object> next(Map<String, Object> result, Map<String, Object> answers) {
    Map<String, Object> params = new LinkedHashMap<>(request.params());
    if (!answers.isEmpty()) {
      params.put("inputResponses", answers);
    }
    Object state = result.get("requestState");
    if (state != null) {
      params.put("requestState", state);
    }
    return params;
  }

  private void taskMade(Map<String, Object> result) {
    String id = Json.text(result, "taskId");
    if (!request.method().equals("tools/call")
        || id.isEmpty()
        || id.length() > ModernTask.ID_LENGTH_MAX) {
      finish(new RpcReply.Lost("it answered with a task that cannot be followed"));
      return;
    }
    ModernTask made = new ModernTask(this, dialect, session, id);
    task = made;
    caller.takesLong();
    if (cancelled) {
      made.cancel();
      finish(new RpcReply.Lost("the caller cancelled it"));
    } else {
      made.follow(result);
    }
  }

  /** The server wants other headers than its list of tools said: lists again, then calls again. */
  private void relist() {
    relisted = true;
    CompletableFuture<Void> listed = dialect.nextListing().toCompletableFuture().copy();
    session.suspectTools();
    var _ =
        listed
            .orTimeout(left().toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((_, _) -> send(request.params(), left()));
  }

  private void cancel() {
    cancelled = true; // first: what is being sent right now sees this or is seen below
    PendingCall call = running;
    ModernTask made = task;
    if (made != null) {
      made.cancel();
      finish(new RpcReply.Lost("the caller cancelled it"));
    } else if (call != null) {
      session.cancel(call, "cancelled", "the caller cancelled it");
    } else {
      finish(new RpcReply.Lost("the caller cancelled it"));
    }
  }

  private void tooLate() {
    ModernTask made = task;
    if (made != null) {
      made.cancel();
      finish(new RpcReply.Lost("its task did not end within " + text(request.timeout())));
    } else if (running == null) {
      unanswered(INTERNAL_ERROR, "no answer within " + text(request.timeout()));
    }
    // Else the request that runs has the same deadline.
  }

  private void refused(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    ModernTask made = task;
    if (made != null) {
      made.cancel();
    }
    if (cause instanceof ClientRefusedException refusal) {
      finish(new RpcReply.Unanswered(refusal));
    } else {
      unanswered(INTERNAL_ERROR, "an internal error");
    }
  }

  private void unanswered(int code, String why) {
    finish(new RpcReply.Unanswered(new ClientRefusedException(code, why, Map.of())));
  }

  private static Duration pause(int before) {
    Duration pause = AGAIN_MIN.multipliedBy(1L << Math.min(before, 10));
    return pause.compareTo(AGAIN_MAX) > 0 ? AGAIN_MAX : pause;
  }

  /** The result without what belongs to the era rather than to the tool. */
  private static RpcReply bare(RpcReply.Result result) {
    if (!result.value().containsKey("resultType")) {
      return result;
    }
    Map<String, Object> bare = new LinkedHashMap<>(result.value());
    bare.remove("resultType");
    return new RpcReply.Result(bare);
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
