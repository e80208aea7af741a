package dev.gatehouse.mcp.calls;

import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.requests.Invocation;
import dev.gatehouse.mcp.requests.Operation;
import dev.gatehouse.mcp.requests.Replier;
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
    begin(invocation, tool.get(), arguments, replier);
  }

  private void begin(
      Invocation invocation, ToolDescriptor tool, Map<String, Object> arguments, Replier replier) {
    ToolCall call =
        ToolCall.of(
                CallId.next(parts.ports().clock(), random),
                invocation.principal(),
                invocation.session(),
                tool,
                arguments,
                Budgets.of(invocation.meta(), parts),
                invocation.meta().trace())
            .because(invocation.meta().reasoning());
    new CallFlow(parts, call, invocation.meta(), replier, unknown(tool.name())).start();
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
