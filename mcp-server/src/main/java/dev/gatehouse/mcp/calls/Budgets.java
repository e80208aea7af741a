package dev.gatehouse.mcp.calls;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.requests.RequestMeta;

/** How long calls may take. */
final class Budgets {

  private Budgets() {}

  /** Until when a new call must be answered. */
  static Deadline of(RequestMeta meta, CallParts parts) {
    McpConfig config = parts.config().get();
    return Deadline.after(
        meta.capabilities().tasks() ? config.waiting().taskBudget() : config.times().callBudget(),
        parts.ports().clock());
  }

  /** The same call with its whole budget: a task's wait for a person is not its work. */
  static GovernedCall renewed(GovernedCall call, CallParts parts) {
    Deadline deadline =
        Deadline.after(parts.config().get().waiting().taskBudget(), parts.ports().clock());
    return switch (call) {
      case ToolCall tool ->
          new ToolCall(
              tool.id(),
              tool.principal(),
              tool.session(),
              tool.tool(),
              tool.arguments(),
              tool.digest(),
              deadline,
              tool.trace(),
              tool.reasoning());
      case ContextCall context -> context;
      case ModelCall model -> model;
    };
  }
}
