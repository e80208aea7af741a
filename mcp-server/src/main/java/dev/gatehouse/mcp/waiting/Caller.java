package dev.gatehouse.mcp.waiting;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.mcp.asking.OpenQuestions;
import dev.gatehouse.mcp.config.McpWaiting;
import dev.gatehouse.mcp.http.Timers.Timer;
import dev.gatehouse.mcp.replies.CallReplies;
import dev.gatehouse.mcp.replies.CallReply;
import dev.gatehouse.mcp.requests.Delivery;
import dev.gatehouse.mcp.requests.Replier;
import dev.gatehouse.mcp.requests.RequestMeta;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one governed call, through however many requests it takes: what it is told
 * and asked, and its answer. Which request waits is its {@link Attendance}, and when none has to it
 * is a {@link CallTask}.
 *
 * <p>Lives on the loop of the first request; {@link #run} and {@link #await} lead there from any
 * thread.
 */
public final class Caller {

  private final WaitingRoom room;
  private final GovernedCall call;
  private final Replier first;
  private final OpenQuestions questions;
  private final Attendance attendance;
  private final CallTask task;
  private final CompletableFuture<String> cancelled = new CompletableFuture<>();
  private volatile RequestMeta meta;
  private boolean over;
  private @Nullable CallReply kept;
  private Delivery delivery = Delivery.UNNOTED;

  private Caller(WaitingRoom room, GovernedCall call, RequestMeta meta, Replier first) {
    this.room = room;
    this.call = call;
    this.meta = meta;
    this.first = first;
    questions = new OpenQuestions(meta.inputResponses(), waiting().questionsMax());
    attendance = new Attendance(room, call, this, first);
    task = new CallTask(room, call, this, attendance, questions);
  }

  /** The side of the client that sent this request, which waits for the answer. */
  public static Caller of(WaitingRoom room, GovernedCall call, RequestMeta meta, Replier first) {
    Caller caller = new Caller(room, call, meta, first);
    caller.attendance.begin(first);
    return caller;
  }

  // --- the loop

  public void run(Runnable task) {
    first.run(task);
  }

  public <T> void await(
      CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
    first.await(stage, then);
  }

  public Timer after(Duration delay, Runnable task) {
    return first.after(delay, task);
  }

  // --- what the client is like; any thread

  public RequestMeta meta() {
    return meta;
  }

  /** Whether notifications reach the client now. */
  public boolean streams() {
    return attendance.request().filter(Replier::streams).isPresent();
  }

  /** Completes with the reason, on the loop, when the client does not want the answer any more. */
  public CompletionStage<String> cancelled() {
    return cancelled;
  }

  /** The call as a task. */
  public CallTask task() {
    return task;
  }

  // --- the requests; on the loop

  /** Which request waits for the answer. */
  public Attendance attendance() {
    return attendance;
  }

  /** Whether a request waits for the answer, or none has to. */
  public boolean attended() {
    return attendance.request().isPresent() || task.exists();
  }

  /** Whether it has its answer. */
  public boolean isOver() {
    return over;
  }

  /** The client sent the request again; called on that request's loop. */
  public void resume(Replier again, RequestMeta with) {
    run(
        () -> {
          meta = with;
          attendance.begin(again);
          again.run(() -> again.streamAfter(room.config().get().times().keepAlive()));
          questions.answer(with.inputResponses());
          tell();
          attendance.resumed();
        });
  }

  /** The client does not want the answer; any thread. */
  void cancel(String reason) {
    run(
        () -> {
          if (!over && cancelled.complete(reason)) {
            questions.fail(refusal("the caller cancelled"));
          }
        });
  }

  /** The client was told to send the request again, and did not. */
  void abandoned() {
    if (kept != null) {
      kept = null;
      delivery.lost();
    }
    questions.fail(
        refusal("the client did not answer within parkedHold " + waiting().parkedHold()));
  }

  // --- notifications and questions

  /** Sends a notification to the request that waits, if any does. */
  public void notify(String method, Map<String, Object> params) {
    attendance.request().ifPresent(request -> request.run(() -> request.notify(method, params)));
  }

  /**
   * Tells a client that we ask with requests of ours that what it was sent to a URL for is done, on
   * whatever stream reaches it; where results ask there is no word for it. Called on the loop.
   */
  public void elicitationComplete(String elicitationId) {
    first
        .asker()
        .ifPresent(
            asker ->
                asker.tell(
                    "notifications/elicitation/complete",
                    Map.of("elicitationId", elicitationId),
                    first::send));
  }

  /** Puts questions to the client, once the call's intent is durable; called on the loop. */
  public CompletionStage<Map<String, Object>> ask(Map<String, ClientRequest> asked) {
    Optional<ClientRefusedException> incapable = meta.capabilities().objection(asked);
    if (incapable.isPresent()) {
      return CompletableFuture.failedStage(incapable.get());
    }
    if (over || cancelled.isDone()) {
      return CompletableFuture.failedStage(refusal("the call is over"));
    }
    Optional<Replier> request = attendance.request();
    if (first.asker().isPresent() && request.isPresent()) {
      return first.asker().get().ask(asked, request.get()::send, waiting().parkedHold());
    }
    if (!task.exists() && !attendance.pauses()) {
      return CompletableFuture.failedStage(refusal("such a request cannot be interrupted"));
    }
    CompletionStage<Map<String, Object>> answers = questions.put(asked);
    task.showQuestions();
    tell();
    return answers;
  }

  // --- the answer

  /** Has that hear whether the answer reaches the client. */
  public void tellsOf(Delivery delivery) {
    this.delivery = delivery;
  }

  /** Gives the client its answer, now or when it asks again. Called on the loop, once. */
  public void reply(CallReply reply) {
    over = true;
    questions.fail(refusal("the call is over"));
    if (task.settle(reply, cancelled.getNow(""))) {
      delivery.delivered(); // it is the task's from now on
    } else if (attendance.request().isPresent()) {
      send(reply);
    } else if (attendance.isParked()) {
      kept = reply;
    } else {
      delivery.lost();
    }
  }

  private void send(CallReply reply) {
    attendance
        .answer()
        .ifPresent(
            request ->
                request.run(
                    () -> CallReplies.send(reply, call instanceof ToolCall, request, delivery)));
  }

  /** Gives the request that waits whatever there is to say to it. */
  private void tell() {
    if (attendance.request().isEmpty()) {
      return;
    }
    if (kept != null) {
      send(kept);
      return;
    }
    task.beginIfWanted();
    if (attendance.request().isPresent()
        && !questions.isEmpty()
        && !attendance.park(Map.of("inputRequests", questions.tree()))) {
      questions.fail(
          refusal("this agent has parkedPerAgentMax " + waiting().parkedPerAgentMax() + " calls"));
    }
  }

  private McpWaiting waiting() {
    return room.config().get().waiting();
  }

  private static ClientRefusedException refusal(String why) {
    return new ClientRefusedException(-32603, why, Map.of());
  }
}
