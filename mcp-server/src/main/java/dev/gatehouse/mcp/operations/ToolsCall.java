package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * {@code tools/call}: one governed call, from its params to its answer. A tool that the agent's
 * manifest hides is answered like one that does not exist, but the attempt passes the Gate and is
 * on record.
 */
final class ToolsCall implements Operation {

  private final CallParts parts;
  private final Visibility visibility;
  private final RandomGenerator random;

  ToolsCall(CallParts parts, RandomGenerator random) {
    this.parts = parts;
    this.random = random;
    visibility = new Visibility(parts.ports().registry());
  }

  @Override
  public void run(Invocation invocation, Replier replier) {
    if (!(invocation.params().get("name") instanceof String name) || name.isEmpty()) {
      replier.error(RpcError.invalidParams("params.name must be the name of a tool"));
      return;
    }
    Map<String, Object> arguments = arguments(invocation.params().get("arguments"));
    if (arguments == null) {
      replier.error(RpcError.invalidParams("params.arguments must be an object"));
      return;
    }
    Optional<ToolDescriptor> tool = parts.ports().catalog().find(name);
    if (tool.isEmpty()) {
      replier.error(unknown(name));
      return;
    }
    begin(invocation, tool.get(), arguments, replier);
  }

  private void begin(
      Invocation invocation, ToolDescriptor tool, Map<String, Object> arguments, Replier replier) {
    McpConfig config = parts.config().get();
    ToolCall call =
        ToolCall.of(
            CallId.next(parts.ports().clock(), random),
            invocation.principal(),
            invocation.session(),
            tool,
            arguments,
            Deadline.after(config.times().callBudget(), parts.ports().clock()),
            invocation.meta().traceParent());
    int max = config.limits().callsPerAgentMax();
    if (!parts.running().enter(call.principal().agent(), 1, max)) {
      replier.result(Results.beyond("callsPerAgentMax", max));
      return;
    }
    admitted(call, parts.ports().gate().admit(call), invocation, replier);
    replier.streamAfter(config.times().keepAlive());
  }

  private void admitted(
      ToolCall call, Admission admission, Invocation invocation, Replier replier) {
    switch (admission) {
      case Granted(var grant) ->
          new Execution(
                  parts,
                  call,
                  grant,
                  replier,
                  new CallListener(
                      replier,
                      invocation.meta(),
                      replier.cancelled(),
                      parts.config().get().limits().notificationsHeldMax(),
                      0),
                  reply -> finish(call, reply, replier))
              .start();
      case Pending(var request, var intent) -> {
        ApprovalWait wait =
            new ApprovalWait(
                parts,
                call,
                request,
                invocation.meta(),
                replier,
                reply -> finish(call, reply, replier));
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
      case Refused refused when hidden(call) ->
          finish(call, new CallReply.Failure(unknown(call.tool().name())), replier);
      case Refused refused ->
          Refusals.answer(call, refused, replier, reply -> finish(call, reply, replier));
    }
  }

  private void finish(ToolCall call, CallReply reply, Replier replier) {
    parts.running().leave(call.principal().agent(), 1);
    if (replier.isCancelled()) {
      replier.silence();
      return;
    }
    switch (reply) {
      case CallReply.Result(var result) -> replier.result(result);
      case CallReply.Failure(var error) -> replier.error(error);
      case CallReply.Nothing() -> replier.silence();
    }
  }

  private boolean hidden(ToolCall call) {
    return visibility
        .manifest(call.principal().agent())
        .filter(manifest -> Visibility.shows(manifest, call.tool()))
        .isEmpty();
  }

  private static RpcError unknown(String name) {
    return RpcError.invalidParams("Unknown tool: " + RpcError.shortened(name));
  }

  @SuppressWarnings("unchecked") // the parser makes maps with string keys only
  private static @Nullable Map<String, Object> arguments(@Nullable Object arguments) {
    if (arguments == null) {
      return Map.of();
    }
    return arguments instanceof Map<?, ?> members ? (Map<String, Object>) members : null;
  }
}
