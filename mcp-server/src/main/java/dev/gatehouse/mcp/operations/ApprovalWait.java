package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.mcp.http.Timers.Timer;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for a person.
 *
 * <p>Waiting → released (approved: the same call is admitted again and carried out, once for all
 * that wait for the same answer) → done; waiting → done (declined, hold over, cancelled, client
 * gone). A client that wants progress is told every so often and held long; any other is held
 * briefly, because most clients give up soon.
 */
final class ApprovalWait {

  private final CallParts parts;
  private final GovernedCall call;
  private final ApprovalRequest request;
  private final RequestMeta meta;
  private final Replier replier;
  private final Consumer<CallReply> then;
  private final ApprovedCalls.Shared shared;
  private boolean waiting = true;
  private boolean done;
  private boolean left;
  private int progress;
  private @Nullable Timer hold;
  private @Nullable Timer tick;

  ApprovalWait(
      CallParts parts,
      GovernedCall call,
      ApprovalRequest request,
      RequestMeta meta,
      Replier replier,
      Consumer<CallReply> then) {
    this.parts = parts;
    this.call = call;
    this.request = request;
    this.meta = meta;
    this.replier = replier;
    this.then = then;
    shared = parts.approved().join(request.id());
  }

  /** Begins to wait; the intent that names the question is durable. Called on the loop. */
  void start() {
    McpTimes times = parts.config().get().times();
    boolean tells = meta.progressToken().isPresent() && replier.streams();
    Duration most = tells ? times.approvalHoldWithProgress() : times.approvalHold();
    hold =
        replier.after(
            call.deadline().atMost(most, parts.ports().clock()).remaining(parts.ports().clock()),
            this::holdOver);
    if (tells) {
      tell(times.approvalProgress());
    }
    replier.onGone(
        () -> {
          if (waiting) {
            abandon("the client went away");
          }
        });
    replier.await(
        replier.cancelled(),
        (reason, _) -> abandon(reason == null ? "the caller cancelled" : reason));
    replier.await(parts.ports().approvals().decided(request.id()), this::decided);
  }

  /** Ends before it began, with that reply. */
  void fail(CallReply reply) {
    finish(reply);
  }

  private void tell(Duration every) {
    if (waiting) {
      progress++;
      replier.notify(
          "notifications/progress",
          Map.of(
              "progressToken",
              meta.progressToken().orElseThrow(),
              "progress",
              progress,
              "message",
              "waiting for approval "
                  + request.id()
                  + " ("
                  + parts.config().get().approvalHint().replace("{id}", request.id().value())
                  + ")"));
      tick = replier.after(every, () -> tell(every));
    }
  }

  private void holdOver() {
    if (waiting) {
      finish(pending(request));
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
    switch (answer.state()) {
      case APPROVED, CONSUMED -> {
        stopWaiting();
        replier.await(
            shared.reply(), (reply, _) -> finish(reply == null ? new CallReply.Nothing() : reply));
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
    switch (parts.ports().gate().admit(call)) {
      case Granted(var grant) ->
          new Execution(
                  parts,
                  call,
                  grant,
                  replier,
                  new CallListener(
                      replier,
                      meta,
                      shared.abandoned(),
                      parts.config().get().limits().notificationsHeldMax(),
                      progress),
                  shared::complete)
              .start();
      case Refused refused -> Refusals.answer(call, refused, replier, shared::complete);
      case Pending(var again, var intent) ->
          replier.await(
              intent.durable(),
              (receipt, _) ->
                  shared.complete(receipt == null ? Refusals.unrecorded(call) : pending(again)));
    }
  }

  private CallReply pending(ApprovalRequest open) {
    return new CallReply.Verdict(Results.pending(open, parts.config().get().approvalHint()));
  }

  private static CallReply failure(String message) {
    return new CallReply.Failure(RpcError.internal(message));
  }

  private void abandon(String reason) {
    if (done || left) {
      return;
    }
    left = true;
    boolean waited = waiting;
    stopWaiting();
    boolean cancelsExecution = shared.abandon(reason);
    if (waited || !cancelsExecution) {
      finish(new CallReply.Nothing());
    }
  }

  private void finish(CallReply reply) {
    if (done) {
      return;
    }
    done = true;
    stopWaiting();
    if (!left) {
      left = true;
      var _ = shared.leave();
    }
    then.accept(reply);
  }

  private void stopWaiting() {
    waiting = false;
    if (hold != null) {
      hold.cancel();
    }
    if (tick != null) {
      tick.cancel();
    }
  }
}
