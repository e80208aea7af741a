package dev.gatehouse.mcp.waiting;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.mcp.asking.OpenQuestions;
import dev.gatehouse.mcp.config.McpWaiting;
import dev.gatehouse.mcp.replies.CallReplies;
import dev.gatehouse.mcp.replies.CallReply;
import dev.gatehouse.mcp.tasks.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One call as the task that it may become: none → wanted (its client is away just now) → there, for
 * good. Lives on the call's loop.
 */
public final class CallTask implements Task.Work {

  private final WaitingRoom room;
  private final GovernedCall call;
  private final Caller caller;
  private final Attendance attendance;
  private final OpenQuestions questions;
  private volatile @Nullable Task task;
  private boolean wanted;

  CallTask(
      WaitingRoom room,
      GovernedCall call,
      Caller caller,
      Attendance attendance,
      OpenQuestions questions) {
    this.room = room;
    this.call = call;
    this.caller = caller;
    this.attendance = attendance;
    this.questions = questions;
  }

  /** Whether the call goes on as a task; any thread. */
  public boolean exists() {
    return task != null;
  }

  /** Whether the client takes one in place of an answer to such a call. */
  public boolean fits() {
    return call instanceof ToolCall && attendance.pauses() && caller.meta().capabilities().tasks();
  }

  /**
   * Goes on as a task, if the client takes one: now, or when it sends its request again.
   *
   * @param message for people
   * @param ttl how long it is kept at least
   */
  public void begin(String message, Duration ttl) {
    if (caller.isOver() || task != null || !fits()) {
      return;
    }
    if (attendance.request().isEmpty()) {
      wanted = true;
      return;
    }
    Optional<Task> made = create(ttl);
    if (made.isPresent()) {
      task = made.get();
      made.get().working(message);
      Map<String, Object> handle = made.get().handle();
      if (!questions.isEmpty()) {
        made.get().needsInput(questions.tree());
      }
      attendance.answer().ifPresent(request -> request.run(() -> request.interim("task", handle)));
    }
  }

  /** A request waits again: goes on as a task if that is wanted. */
  void beginIfWanted() {
    if (wanted) {
      wanted = false;
      begin("", Duration.ZERO);
    }
  }

  /** Shows those who look what is asked now. */
  void showQuestions() {
    Task present = task;
    if (present != null && questions.isEmpty()) {
      present.working("");
    } else if (present != null) {
      present.needsInput(questions.tree());
    }
  }

  /**
   * Ends the task; false when there is none.
   *
   * @param cancelled why the client cancelled; empty when it did not
   */
  boolean settle(CallReply reply, String cancelled) {
    Task present = task;
    if (present != null) {
      CallReplies.settle(present, reply, cancelled);
    }
    return present != null;
  }

  @Override
  public CompletionStage<List<String>> answer(Map<?, ?> answers) {
    CompletableFuture<List<String>> unfit = new CompletableFuture<>();
    caller.run(
        () -> {
          List<String> wrong = questions.answer(answers);
          showQuestions();
          unfit.complete(wrong);
        });
    return unfit;
  }

  @Override
  public void cancel(String reason) {
    caller.cancel(reason);
  }

  private Optional<Task> create(Duration ttl) {
    McpWaiting waiting = room.config().get().waiting();
    Duration kept = waiting.taskTtl().compareTo(ttl) >= 0 ? waiting.taskTtl() : ttl;
    return room.tasks()
        .create(
            call.principal().agent(), kept, waiting.taskPoll(), waiting.tasksPerAgentMax(), this);
  }
}
