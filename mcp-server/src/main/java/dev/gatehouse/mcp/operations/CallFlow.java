package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.util.function.Consumer;

/**
 * The way of one governed call from the Gate to its answer. What the agent's manifest hides is
 * answered like what does not exist, but the attempt passes the Gate and is on record.
 */
final class CallFlow {

  private final CallParts parts;
  private final Visibility visibility;
  private final GovernedCall call;
  private final RequestMeta meta;
  private final Replier replier;
  private final RpcError unknown;

  /**
   * @param unknown what is answered when the agent must not learn that what it calls exists
   */
  CallFlow(
      CallParts parts, GovernedCall call, RequestMeta meta, Replier replier, RpcError unknown) {
    this.parts = parts;
    visibility = new Visibility(parts.ports().registry());
    this.call = call;
    this.meta = meta;
    this.replier = replier;
    this.unknown = unknown;
  }

  /** Carries the call out and answers it, after a person's decision when one is demanded. */
  void start() {
    McpConfig config = parts.config().get();
    int max = config.limits().callsPerAgentMax();
    if (!parts.running().enter(call.principal().agent(), 1, max)) {
      reply(new CallReply.Verdict(Results.beyond("callsPerAgentMax", max)));
      return;
    }
    switch (parts.ports().gate().admit(call)) {
      case Granted(var grant) -> execute(grant, ToolConnector::execute, this::finish);
      case Pending(var request, var intent) -> {
        ApprovalWait wait = new ApprovalWait(parts, call, request, meta, replier, this::finish);
        replier.await(
            intent.durable(),
            (receipt, _) -> {
              if (receipt == null) {
                wait.fail(Refusals.unrecorded(call));
              } else {
                wait.start();
              }
            });
      }
      case Refused refused -> refuse(refused, this::finish);
    }
    replier.streamAfter(config.times().keepAlive());
  }

  /**
   * Has the connector do something else with the grant, and hands the reply on. Does not wait for a
   * person, and is bounded by another limit than calls.
   */
  void start(Execution.Action action, Consumer<CallReply> then) {
    switch (parts.ports().gate().admit(call)) {
      case Granted(var grant) -> execute(grant, action, then);
      case Pending(var request, var intent) ->
          replier.await(
              intent.durable(),
              (receipt, _) ->
                  then.accept(
                      receipt == null
                          ? Refusals.unrecorded(call)
                          : new CallReply.Verdict(
                              Results.pending(request, parts.config().get().approvalHint()))));
      case Refused refused -> refuse(refused, then);
    }
  }

  private void execute(ExecutionGrant grant, Execution.Action action, Consumer<CallReply> then) {
    int heldMax = parts.config().get().limits().notificationsHeldMax();
    new Execution(
            parts,
            call,
            grant,
            replier,
            new CallListener(replier, meta, replier.cancelled(), heldMax, 0),
            then,
            action)
        .start();
  }

  private void refuse(Refused refused, Consumer<CallReply> then) {
    if (visibility.hides(call)) {
      then.accept(new CallReply.Failure(unknown));
    } else {
      Refusals.answer(call, refused, replier, then);
    }
  }

  private void finish(CallReply reply) {
    parts.running().leave(call.principal().agent(), 1);
    if (replier.isCancelled()) {
      replier.silence();
    } else {
      reply(reply);
    }
  }

  private void reply(CallReply reply) {
    reply(reply, call instanceof ToolCall, replier);
  }

  /** Answers the client. */
  static void reply(CallReply reply, boolean toTool, Replier replier) {
    switch (reply) {
      case CallReply.Result(var result) -> replier.result(result);
      case CallReply.Verdict(var words) when toTool -> replier.result(words);
      case CallReply.Verdict(var words) -> replier.error(Results.asError(words));
      case CallReply.Failure(var error) -> replier.error(error);
      case CallReply.Nothing() -> replier.silence();
    }
  }
}
