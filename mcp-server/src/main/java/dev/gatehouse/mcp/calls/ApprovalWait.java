package dev.gatehouse.mcp.calls;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.http.Timers.Timer;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.outcomes.ApprovedCalls;
import dev.gatehouse.mcp.outcomes.Follower;
import dev.gatehouse.mcp.replies.CallReply;
import dev.gatehouse.mcp.replies.ResultMeta;
import dev.gatehouse.mcp.replies.Results;
import dev.gatehouse.mcp.waiting.Caller;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for a person.
 *
 * <p>Waiting → released (approved: the same call is admitted again and carried out, once for all
 * that wait for the same answer) → done; waiting → done (declined, hold over, cancelled, client
 * gone). How it waits depends on the client, first that fits: as a task; held long and told of
 * progress; held briefly and told to come again, a few times; held briefly and told that it waits.
 * An approval while nobody attends the call releases it when somebody does.
 */
final class ApprovalWait {

  private final CallParts parts;
  private final GovernedCall call;
  private final ApprovalRequest request;
  private final Caller caller;
  private final Consumer<CallReply> then;
  private final ApprovedCalls.Shared shared;
  private boolean waiting = true;
  private boolean done;
  private int progress;
  private @Nullable ApprovalRequest unattendedAnswer;
  private @Nullable Timer hold;
  private @Nullable Timer tick;

  ApprovalWait(
      CallParts parts,
      GovernedCall call,
      ApprovalRequest request,
      Caller caller,
      Consumer<CallReply> then) {
    this.parts = parts;
    this.call = call;
    this.request = request;
    this.caller = caller;
    this.then = then;
    shared = parts.approved().join(CallBinding.of(call));
  }

  /** Begins to wait; the intent that names the question is durable. Called on the loop. */
  void start() {
    Duration untilExpiry = Duration.between(parts.ports().clock().instant(), request.expiresAt());
    caller.task().begin(message(), untilExpiry.plus(parts.config().get().waiting().taskBudget()));
    caller.attendance().whenAttended(this::attended);
    caller.attendance().whenLost(this::abandon);
    hold();
    caller.await(caller.cancelled(), (_, _) -> abandon());
    caller.await(parts.ports().approvals().decided(request.id()), this::decided);
  }

  /** Ends before it began, with that reply. */
  void fail(CallReply reply) {
    finish(reply);
  }

  private void hold() {
    if (caller.task().exists() || !waiting) {
      return;
    }
    McpConfig config = parts.config().get();
    boolean tells = tells();
    Duration most =
        tells
            ? config.times().approvalHoldWithProgress()
            : parts
                .ports()
                .registry()
                .find(call.principal().agent())
                .flatMap(Agent::approvalHold)
                .orElse(config.times().approvalHold());
    hold =
        caller.after(
            call.deadline().atMost(most, parts.ports().clock()).remaining(parts.ports().clock()),
            this::holdOver);
    if (tells) {
      tell(config.times().approvalProgress());
    }
  }

  private boolean tells() {
    return caller.meta().progressToken().isPresent() && caller.streams();
  }

  private void tell(Duration every) {
    if (waiting) {
      progress++;
      caller.notify(
          "notifications/progress",
          Map.of(
              "progressToken",
              caller.meta().progressToken().orElseThrow(),
              "progress",
              progress,
              "message",
              message()));
      tick = caller.after(every, () -> tell(every));
    }
  }

  private String message() {
    String how = parts.config().get().approvalHint().replace("{id}", request.id().value());
    return "waiting for approval " + request.id() + " (" + how + ")";
  }

  /** A client that comes again by itself is told to, until the last time that it would. */
  private void holdOver() {
    if (!waiting) {
      return;
    }
    stopTimers();
    boolean comesAgain =
        !tells()
            && caller.attendance().requests() < parts.config().get().waiting().approvalLegsMax()
            && !call.deadline().passed(parts.ports().clock());
    Map<String, Object> words = Results.pending(request, parts.config().get().approvalHint());
    if (!comesAgain || !caller.attendance().park(ResultMeta.metaOf(words))) {
      finish(pending(request));
    }
  }

  private void attended() {
    ApprovalRequest answer = unattendedAnswer;
    unattendedAnswer = null;
    if (answer != null) {
      decided(answer, null);
    } else {
      hold();
    }
  }

  private void decided(@Nullable ApprovalRequest answer, @Nullable Throwable error) {
    if (!waiting) {
      return;
    }
    if (answer == null) {
      finish(failure("the approval of this call could not be read; it was not carried out"));
      return;
    }
    if (!caller.attended()) {
      unattendedAnswer = answer;
      return;
    }
    switch (answer.state()) {
      case APPROVED, CONSUMED -> {
        stopWaiting();
        new Follower(shared, caller, this::finish).follow();
        if (shared.claim()) {
          release();
        }
      }
      case DENIED, EXPIRED -> finish(new CallReply.Verdict(Results.declined(answer)));
      case PENDING -> finish(pending(answer));
    }
  }

  /** The approved call passes the Gate again: re-scored, re-checked, recorded. */
  private void release() {
    GovernedCall released = caller.task().exists() ? Budgets.renewed(call, parts) : call;
    switch (parts.ports().gate().admit(released)) {
      case Granted(var grant) ->
          new Execution(
                  parts,
                  released,
                  grant,
                  caller,
                  new CallListener(
                      caller,
                      grant.durable(),
                      shared.abandoned(),
                      parts.config().get().limits().notificationsHeldMax(),
                      progress),
                  reply -> shared.settled(grant, reply))
              .start();
      case Refused refused -> Refusals.answer(call, refused, caller, shared::complete);
      case Pending again -> Refusals.answer(call, again, parts, caller, shared::complete);
    }
  }

  private CallReply pending(ApprovalRequest open) {
    return new CallReply.Verdict(Results.pending(open, parts.config().get().approvalHint()));
  }

  private static CallReply failure(String message) {
    return new CallReply.Failure(RpcError.internal(message));
  }

  private void abandon() {
    if (waiting) {
      finish(new CallReply.Nothing());
    }
  }

  private void finish(CallReply reply) {
    if (done) {
      return;
    }
    done = true;
    if (waiting) {
      stopWaiting();
      var _ = shared.leave();
    }
    then.accept(reply);
  }

  private void stopWaiting() {
    waiting = false;
    caller.attendance().whenAttended(() -> {});
    caller.attendance().whenLost(() -> {});
    stopTimers();
  }

  private void stopTimers() {
    if (hold != null) {
      hold.cancel();
    }
    if (tick != null) {
      tick.cancel();
    }
  }
}
