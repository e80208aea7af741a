package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.jsonrpc.RpcError;

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

  void start() {
    McpConfig config = parts.config().get();
    int max = config.limits().callsPerAgentMax();
    if (!parts.running().enter(call.principal().agent(), 1, max)) {
      reply(new CallReply.Verdict(Results.beyond("callsPerAgentMax", max)));
      return;
    }
    admitted(parts.ports().gate().admit(call));
    replier.streamAfter(config.times().keepAlive());
  }

  private void admitted(Admission admission) {
    switch (admission) {
      case Granted(var grant) ->
          new Execution(
                  parts,
                  call,
                  grant,
                  replier,
                  new CallListener(
                      replier,
                      meta,
                      replier.cancelled(),
                      parts.config().get().limits().notificationsHeldMax(),
                      0),
                  this::finish)
              .start();
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
      case Refused _ when visibility.hides(call) -> finish(new CallReply.Failure(unknown));
      case Refused refused -> Refusals.answer(call, refused, replier, this::finish);
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
    switch (reply) {
      case CallReply.Result(var result) -> replier.result(result);
      case CallReply.Verdict(var words) when call instanceof ToolCall -> replier.result(words);
      case CallReply.Verdict(var words) -> replier.error(Results.asError(words));
      case CallReply.Failure(var error) -> replier.error(error);
      case CallReply.Nothing() -> replier.silence();
    }
  }
}
