package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.mcp.asking.OpenQuestions;
import dev.gatehouse.mcp.config.McpWaiting;
import dev.gatehouse.mcp.http.Timers.Timer;
import dev.gatehouse.mcp.operations.ParkedCalls.Place;
import dev.gatehouse.mcp.tasks.Task;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one governed call, through however many requests it takes.
 *
 * <p>Attended (a request waits for the answer) ⇄ parked (told to send the request again) → over;
 * attended → task (looked at from time to time) → over. Lives on the loop of the first request;
 * {@link #run} and {@link #await} lead there from any thread.
 */
final class Caller implements Task.Work {

  private final CallParts parts;
  private final GovernedCall call;
  private final Replier first;
  private final OpenQuestions questions;
  private final CompletableFuture<String> cancelled = new CompletableFuture<>();
  private volatile RequestMeta meta;
  private volatile @Nullable Replier leg;
  private volatile @Nullable Task task;
  private int legs;
  private boolean taskWanted;
  private boolean over;
  private @Nullable Place place;
  private @Nullable Timer unattended;
  private @Nullable CallReply kept;
  private Runnable whenAttended = () -> {};
  private Runnable whenLost = () -> {};
  private Delivery delivery = Delivery.UNNOTED;

  Caller(CallParts parts, GovernedCall call, RequestMeta meta, Replier first) {
    this.parts = parts;
    this.call = call;
    this.meta = meta;
    this.first = first;
    questions = new OpenQuestions(meta.inputResponses(), waiting().questionsMax());
    attend(first);
  }

  /** Who asks for what: a state given to one request serves for no other. */
  static Digest request(GovernedCall call) {
    List<Object> what =
        switch (call) {
          case ToolCall tool -> List.of("tools/call", tool.tool().name());
          case ContextCall context -> List.of(context.kindOfCall().method(), context.name());
          case ModelCall model -> List.of("model", model.model());
        };
    return Digest.ofJson(List.of(call.principal().agent().value(), what, call.digest().hex()));
  }

  // --- the loop

  void run(Runnable task) {
    first.run(task);
  }

  <T> void await(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
    first.await(stage, then);
  }

  Timer after(Duration delay, Runnable task) {
    return first.after(delay, task);
  }

  // --- what the client is like; any thread

  RequestMeta meta() {
    return meta;
  }

  /** Whether notifications reach the client now. */
  boolean streams() {
    Replier present = leg;
    return present != null && present.streams();
  }

  /** Whether the call goes on without a waiting request. */
  boolean isTask() {
    return task != null;
  }

  /** Completes with the reason, on the loop, when the client does not want the answer any more. */
  CompletionStage<String> cancelled() {
    return cancelled;
  }

  // --- the requests; on the loop

  /** How many requests the call took so far. */
  int legs() {
    return legs;
  }

  /** Whether it has its answer. */
  boolean isOver() {
    return over;
  }

  /** Whether a request waits for the answer, or none has to. */
  boolean attended() {
    return leg != null || task != null;
  }

  /** Runs each time that a request waits again. */
  void whenAttended(Runnable then) {
    whenAttended = then;
  }

  /** Runs when the client is gone and will not come back. */
  void whenLost(Runnable then) {
    whenLost = then;
  }

  /** The client sent the request again; called on that request's loop. */
  void resume(Replier again, RequestMeta with) {
    run(
        () -> {
          place = null;
          stop(unattended);
          meta = with;
          attend(again);
          again.run(() -> again.streamAfter(parts.config().get().times().keepAlive()));
          questions.answer(with.inputResponses());
          tell();
          if (leg != null) {
            whenAttended.run();
          }
        });
  }

  /**
   * Tells the client to send its request again.
   *
   * @param reply what it is told beside the state
   * @return false when it cannot be told so, or too many calls wait like that
   */
  boolean park(Map<String, Object> reply) {
    Replier present = leg;
    if (present == null || !pauses()) {
      return false;
    }
    Duration hold = waiting().parkedHold();
    Optional<Place> free =
        parts
            .parked()
            .park(
                this,
                call.principal().agent(),
                request(call),
                parts.ports().clock().instant().plus(hold),
                waiting().parkedPerAgentMax());
    if (free.isEmpty()) {
      return false;
    }
    place = free.get();
    leg = null;
    unattended = after(hold, this::abandoned);
    Map<String, Object> told = new LinkedHashMap<>(reply);
    told.put("requestState", free.get().requestState());
    present.run(() -> present.interim("input_required", told));
    return true;
  }

  /** Whether this client can be told to send such a request again. */
  boolean pauses() {
    return first.asker().isEmpty()
        && switch (call) {
          case ToolCall _ -> true;
          case ContextCall context ->
              context.kindOfCall() == ContextOperation.GET_PROMPT
                  || context.kindOfCall() == ContextOperation.READ_RESOURCE;
          case ModelCall _ -> false;
        };
  }

  /** Sends a notification to the request that waits, if any does. */
  void notify(String method, Map<String, Object> params) {
    Replier present = leg;
    if (present != null) {
      present.run(() -> present.notify(method, params));
    }
  }

  /**
   * Tells a client of the old era that what it was sent to a URL for is done, on whatever stream
   * reaches it; the new era has no word for it. Called on the loop.
   */
  void elicitationComplete(String elicitationId) {
    first
        .asker()
        .ifPresent(
            asker ->
                asker.tell(
                    "notifications/elicitation/complete",
                    Map.of("elicitationId", elicitationId),
                    first::send));
  }

  // --- tasks

  /** Whether the call may go on as a task. */
  boolean takesTask() {
    return call instanceof ToolCall && pauses() && meta.capabilities().tasks();
  }

  /**
   * Goes on as a task, if the client takes one; called on the loop.
   *
   * @param message for people
   * @param ttl how long it is kept at least
   */
  void becomeTask(String message, Duration ttl) {
    Replier present = leg;
    if (over || task != null || !takesTask()) {
      return;
    }
    if (present == null) {
      taskWanted = true;
      return;
    }
    Duration kept = waiting().taskTtl().compareTo(ttl) >= 0 ? waiting().taskTtl() : ttl;
    Optional<Task> made =
        parts
            .tasks()
            .create(
                call.principal().agent(),
                kept,
                waiting().taskPoll(),
                waiting().tasksPerAgentMax(),
                this);
    if (made.isPresent()) {
      task = made.get();
      leg = null;
      made.get().working(message);
      Map<String, Object> handle = made.get().handle();
      if (!questions.isEmpty()) {
        made.get().needsInput(questions.tree());
      }
      present.run(() -> present.interim("task", handle));
    }
  }

  @Override
  public CompletionStage<List<String>> answer(Map<?, ?> answers) {
    CompletableFuture<List<String>> unfit = new CompletableFuture<>();
    run(
        () -> {
          List<String> wrong = questions.answer(answers);
          showQuestions();
          unfit.complete(wrong);
        });
    return unfit;
  }

  @Override
  public void cancel(String reason) {
    run(
        () -> {
          if (!over && cancelled.complete(reason)) {
            questions.fail(refusal("the caller cancelled"));
          }
        });
  }

  // --- questions

  /** Puts questions to the client, once the call's intent is durable; called on the loop. */
  CompletionStage<Map<String, Object>> ask(Map<String, ClientRequest> asked) {
    Map<String, Object> missing;
    try {
      missing = meta.capabilities().missing(asked);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedStage(
          new ClientRefusedException(-32601, String.valueOf(e.getMessage()), Map.of()));
    }
    if (!missing.isEmpty()) {
      return CompletableFuture.failedStage(
          new ClientRefusedException(
              ClientRefusedException.MISSING_CAPABILITY,
              "the client did not declare the capability to answer this",
              missing));
    }
    if (over || cancelled.isDone()) {
      return CompletableFuture.failedStage(refusal("the call is over"));
    }
    Replier present = leg;
    if (first.asker().isPresent() && present != null) {
      return StreamedQuestions.ask(present, asked, waiting().parkedHold());
    }
    if (task == null && !pauses()) {
      return CompletableFuture.failedStage(refusal("such a request cannot be interrupted"));
    }
    CompletionStage<Map<String, Object>> answers = questions.put(asked);
    showQuestions();
    tell();
    return answers;
  }

  private void showQuestions() {
    Task present = task;
    if (present != null && questions.isEmpty()) {
      present.working("");
    } else if (present != null) {
      present.needsInput(questions.tree());
    }
  }

  // --- answers

  /** Has that hear whether the answer reaches the client. */
  void tellsOf(Delivery delivery) {
    this.delivery = delivery;
  }

  /** Gives the client its answer, now or when it asks again. Called on the loop, once. */
  void reply(CallReply reply) {
    over = true;
    questions.fail(refusal("the call is over"));
    Task present = task;
    Replier waits = leg;
    if (present != null) {
      CallReplies.settle(present, reply, cancelled.getNow(""));
      delivery.delivered(); // it is the task's from now on
    } else if (waits != null) {
      leg = null;
      waits.run(() -> CallReplies.send(reply, call instanceof ToolCall, waits, delivery));
    } else if (place != null) {
      kept = reply;
    } else {
      delivery.lost();
    }
  }

  /** Gives the request that waits whatever there is to say to it. */
  private void tell() {
    Replier present = leg;
    CallReply answer = kept;
    if (present == null) {
      return;
    }
    if (answer != null) {
      leg = null;
      present.run(() -> CallReplies.send(answer, call instanceof ToolCall, present, delivery));
      return;
    }
    if (taskWanted) {
      taskWanted = false;
      becomeTask("", Duration.ZERO);
    }
    if (leg != null && !questions.isEmpty() && !park(Map.of("inputRequests", questions.tree()))) {
      questions.fail(
          refusal("this agent has parkedPerAgentMax " + waiting().parkedPerAgentMax() + " calls"));
    }
  }

  private void attend(Replier request) {
    leg = request;
    legs++;
    await(
        request.cancelled(),
        (reason, _) -> {
          if (request.equals(leg)) {
            cancel(reason == null ? "the caller cancelled" : reason);
          }
        });
    request.run(
        () ->
            request.onGone(
                () ->
                    run(
                        () -> {
                          if (request.equals(leg)) {
                            whenLost.run();
                          }
                        })));
  }

  /** The client was told to come back, and did not. */
  private void abandoned() {
    Place left = place;
    if (left != null && parts.parked().leave(left.number())) {
      place = null;
      if (kept != null) {
        kept = null;
        delivery.lost();
      }
      questions.fail(
          refusal("the client did not answer within parkedHold " + waiting().parkedHold()));
      whenLost.run();
    }
  }

  private McpWaiting waiting() {
    return parts.config().get().waiting();
  }

  private static ClientRefusedException refusal(String why) {
    return new ClientRefusedException(-32603, why, Map.of());
  }

  private static void stop(@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }
}
