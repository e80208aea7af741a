package dev.gatehouse.mcp.calls;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.mcp.schema.SchemaCheck;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a tool's own {@code inputSchema} says against the arguments of one call. The row is told
 * that they do not fit; the agent is told where, in words that may repeat names of its own.
 */
final class ArgumentsCheck implements Supplier<Optional<Reason>> {

  /** The rule by which arguments that do not fit are denied. */
  static final String RULE = "arguments.schema";

  private final GovernedCall call;
  private final int stepsMax;
  private String objection = "";

  ArgumentsCheck(GovernedCall call, int stepsMax) {
    this.call = call;
    this.stepsMax = stepsMax;
  }

  @Override
  public Optional<Reason> get() {
    if (!(call instanceof ToolCall tool)
        || !(tool.tool().definition().get("inputSchema") instanceof Map<?, ?> schema)) {
      return Optional.empty();
    }
    Optional<String> found = SchemaCheck.objection(schema, tool.arguments(), stepsMax);
    objection = found.orElse("");
    return found.map(
        _ ->
            new Reason(
                RULE, "the arguments do not fit the inputSchema of tool " + tool.tool().name()));
  }

  /** What does not fit, for the agent; empty when everything does. */
  String objection() {
    return objection;
  }
}
