package dev.gatehouse.mcp.calls;

import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.gate.Replay;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.http.Timers.Timer;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.outcomes.ApprovedCalls.Shared;
import dev.gatehouse.mcp.outcomes.Follower;
import dev.gatehouse.mcp.outcomes.Untold;
import dev.gatehouse.mcp.outcomes.UntoldOutcomes;
import dev.gatehouse.mcp.replies.CallReplies;
import dev.gatehouse.mcp.replies.CallReply;
import dev.gatehouse.mcp.replies.Results;
import dev.gatehouse.mcp.requests.Delivery;
import dev.gatehouse.mcp.requests.Replier;
import dev.gatehouse.mcp.requests.RequestMeta;
import dev.gatehouse.mcp.requests.Visibility;
import dev.gatehouse.mcp.waiting.Caller;
import dev.gatehouse.mcp.waiting.ParkedCalls;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of one governed call from the Gate to its answer. What the agent's manifest hides is
 * answered like what does not exist, but the attempt passes the Gate and is on record.
 *
 * <p>A request that was told to come again goes on where its call stands. One that repeats an
 * approved call which is being carried out gets that call's answer: nothing runs twice on one
 * approval, and nobody is asked again while it is used. One that repeats it after its client was
 * gone when the outcome came is told that outcome.
 */
public final class CallFlow {

  private final CallParts parts;
  private final Visibility visibility;
  private final GovernedCall call;
  private final RequestMeta meta;
  private final Replier replier;
  private final RpcError unknown;
  private final ArgumentsCheck arguments;
  private @Nullable Timer budget;

  /**
   * @param unknown what is answered when the agent must not learn that what it calls exists
   */
  public CallFlow(
      CallParts parts, GovernedCall call, RequestMeta meta, Replier replier, RpcError unknown) {
    this.parts = parts;
    visibility = new Visibility(parts.ports().registry());
    this.call = call;
    this.meta = meta;
    this.replier = replier;
    this.unknown = unknown;
    arguments = new ArgumentsCheck(call, parts.config().get().limits().schemaStepsMax());
  }

  /** Carries the call out and answers it, after a person's decision when one is demanded. */
  public void start() {
    if (meta.requestState().isPresent()) {
      resume(meta.requestState().get());
      return;
    }
    McpConfig config = parts.config().get();
    int max = config.limits().callsPerAgentMax();
    if (!parts.running().enter(call.principal().agent(), 1, max)) {
      CallReplies.send(
          new CallReply.Verdict(Results.beyond("callsPerAgentMax", max)),
          call instanceof ToolCall,
          replier,
          Delivery.UNNOTED);
      return;
    }
    begin(Caller.of(parts.waiting(), call, meta, replier));
    replier.streamAfter(config.times().keepAlive());
  }

  private void resume(String requestState) {
    switch (parts.waiting().parked().claim(requestState, call, parts.ports().clock().instant())) {
      case ParkedCalls.Claim.Held(var waiting) -> waiting.resume(replier, meta);
      case ParkedCalls.Claim.Rejected(var error) -> replier.error(error);
    }
  }

  private void begin(Caller caller) {
    CallBinding binding = CallBinding.of(call);
    Optional<Shared> running = parts.approved().joinRunning(binding);
    Optional<Untold> untold =
        running.isPresent() ? Optional.empty() : parts.approved().untold().take(binding);
    if (running.isPresent()) {
      follow(running.get(), caller);
    } else if (untold.isPresent()) {
      replay(untold.get(), caller);
    } else if (parts
        .ports()
        .approvals()
        .release(binding, parts.ports().clock().instant())
        .isPresent()) {
      useApproval(parts.approved().join(binding), caller);
    } else {
      admitted(admit(), caller, caller.cancelled(), reply -> finish(reply, caller));
    }
  }

  /** Tells what came of such a call when nobody was there to be told, to all who ask now. */
  private void replay(Untold untold, Caller caller) {
    UntoldOutcomes outcomes = parts.approved().untold();
    Shared shared = parts.approved().join(untold.binding());
    boolean tells = shared.claim();
    follow(shared, caller);
    if (!tells) { // another came first
      outcomes.keep(untold);
      return;
    }
    switch (parts.ports().gate().replay(call, untold.call().id())) {
      case Replay.Allowed(var intent) ->
          caller.await(
              intent.durable(),
              (receipt, _) -> {
                if (receipt == null) {
                  outcomes.keep(untold);
                  shared.complete(Refusals.unrecorded(call));
                } else {
                  shared.settled(untold.toldTo(call.id(), receipt), () -> untold);
                }
              });
      case Replay.Declined(var refused) -> {
        outcomes.keep(untold);
        refuse(refused, caller, shared::complete);
      }
    }
  }

  /** One of those who come with the approved call carries it out, for all. */
  private void useApproval(Shared shared, Caller caller) {
    boolean carriesOut = shared.claim();
    follow(shared, caller);
    if (carriesOut) {
      Admission admission = admit();
      if (admission instanceof Pending pending) { // the approval expired just now
        Refusals.answer(call, pending, parts, caller, shared::complete);
      } else {
        admitted(
            admission,
            caller,
            shared.abandoned(),
            admission instanceof Granted(var grant)
                ? reply -> shared.settled(grant, reply)
                : shared::complete);
      }
    }
  }

  private Admission admit() {
    return parts.ports().gate().admit(call, arguments, parts.ports().allowances().apply(call));
  }

  private void follow(Shared shared, Caller caller) {
    new Follower(shared, caller, reply -> finish(reply, caller)).follow();
  }

  private void admitted(
      Admission admission,
      Caller caller,
      CompletionStage<String> cancelled,
      Consumer<CallReply> then) {
    switch (admission) {
      case Granted(var grant) -> {
        boundWait(grant, caller);
        execute(grant, caller, cancelled, ToolConnector::execute, then);
      }
      case Pending(var request, var intent) -> {
        ApprovalWait wait = new ApprovalWait(parts, call, request, caller, then);
        caller.await(
            intent.durable(),
            (receipt, _) -> {
              if (receipt == null) {
                wait.fail(Refusals.unrecorded(call));
              } else {
                wait.start();
              }
            });
      }
      case Refused refused -> refuse(refused, caller, then);
    }
  }

  /**
   * Has the connector do something else with the grant, and hands the reply on. Does not wait for a
   * person, and is bounded by another limit than calls.
   */
  public void start(Execution.Action action, Consumer<CallReply> then) {
    Caller caller = Caller.of(parts.waiting(), call, meta, replier);
    switch (parts.ports().gate().admit(call)) {
      case Granted(var grant) -> execute(grant, caller, caller.cancelled(), action, then);
      case Pending pending -> Refusals.answer(call, pending, parts, caller, then);
      case Refused refused -> refuse(refused, caller, then);
    }
  }

  private void execute(
      ExecutionGrant grant,
      Caller caller,
      CompletionStage<String> cancelled,
      Execution.Action action,
      Consumer<CallReply> then) {
    int heldMax = parts.config().get().limits().notificationsHeldMax();
    CallListener listener = new CallListener(caller, grant.durable(), cancelled, heldMax, 0);
    new Execution(parts, call, grant, caller, listener, then, action).start();
  }

  private void refuse(Refused refused, Caller caller, Consumer<CallReply> then) {
    if (visibility.hides(call)) {
      then.accept(new CallReply.Failure(unknown));
    } else {
      Refusals.answer(call, refused, arguments.objection(), caller, then);
    }
  }

  /** A client that takes tasks has the longer budget, and waits for no more than the usual one. */
  private void boundWait(ExecutionGrant grant, Caller caller) {
    if (caller.task().fits()) {
      caller.await(
          grant.durable(),
          (receipt, _) -> {
            if (receipt != null && !caller.isOver()) {
              budget =
                  caller.after(
                      parts.config().get().times().callBudget(),
                      () -> caller.task().begin("", Duration.ZERO));
            }
          });
    }
  }

  private void finish(CallReply reply, Caller caller) {
    parts.running().leave(call.principal().agent(), 1);
    if (budget != null) {
      budget.cancel();
    }
    caller.reply(reply);
  }
}
