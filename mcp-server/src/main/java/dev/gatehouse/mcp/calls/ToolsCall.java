package dev.gatehouse.mcp.calls;

import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.requests.Invocation;
import dev.gatehouse.mcp.requests.Operation;
import dev.gatehouse.mcp.requests.Replier;
import dev.gatehouse.mcp.requests.RequestMeta;
import dev.gatehouse.mcp.requests.StatedReason;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** {@code tools/call}: one governed call, from its params to its answer. */
public final class ToolsCall implements Operation {

  private final CallParts parts;
  private final RandomGenerator random;
  private final ApprovalTool approvals;

  public ToolsCall(CallParts parts, RandomGenerator random) {
    this.parts = parts;
    approvals = new ApprovalTool(parts, random);
    this.random = random;
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
    if (tool.isEmpty() && name.equals(ApprovalTool.NAME)) {
      approvals.run(arguments, invocation, replier);
      return;
    }
    if (tool.isEmpty()) {
      replier.error(unknown(name));
      return;
    }
    if (!takesReason(tool.get(), arguments)) {
      begin(invocation, invocation.meta(), tool.get(), arguments, replier);
      return;
    }
    RequestMeta meta;
    try {
      meta = invocation.meta().because(StatedReason.of(arguments));
    } catch (IllegalArgumentException e) {
      replier.error(RpcError.invalidParams(String.valueOf(e.getMessage())));
      return;
    }
    begin(invocation, meta, tool.get(), StatedReason.without(arguments), replier);
  }

  private boolean takesReason(ToolDescriptor tool, Map<String, Object> arguments) {
    return arguments.containsKey(StatedReason.ARGUMENT)
        && parts.config().get().reasonArgument()
        && StatedReason.isOurs(tool);
  }

  private void begin(
      Invocation invocation,
      RequestMeta meta,
      ToolDescriptor tool,
      Map<String, Object> arguments,
      Replier replier) {
    ToolCall call =
        ToolCall.of(
                CallId.next(parts.ports().clock(), random),
                invocation.principal(),
                invocation.session(),
                tool,
                arguments,
                Budgets.of(meta, parts),
                meta.trace())
            .because(meta.reasoning());
    new CallFlow(parts, call, meta, replier, unknown(tool.name())).start();
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
