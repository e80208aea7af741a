package dev.gatehouse.policy.check;

import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.policy.condition.ConditionChecker;
import dev.gatehouse.policy.condition.ConditionProblem;
import dev.gatehouse.policy.rules.PolicyRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds rules against the tools that they cover: a condition that reads a field which a tool does
 * not have, or reads it as something else, would deny that tool's calls.
 */
public final class PolicyTyping {

  private PolicyTyping() {}

  /**
   * A condition that does not fit a tool.
   *
   * @param tool the tool's exposed name
   */
  public record Misfit(PolicyRule rule, String tool, ConditionProblem problem) {
    @Override
    public String toString() {
      return "policy '" + rule.name() + "' does not fit tool " + tool + ": " + problem;
    }
  }

  /** What does not fit. Takes milliseconds for each condition and tool; for virtual threads. */
  public static List<Misfit> check(List<PolicyRule> rules, Collection<ToolDescriptor> tools) {
    List<Misfit> misfits = new ArrayList<>();
    Map<Object, ConditionChecker> bySchema = new HashMap<>();
    for (PolicyRule rule : rules) {
      if (rule.condition().isEmpty()) {
        continue;
      }
      for (ToolDescriptor tool : tools) {
        if (rule.when().matches(tool.connector() + '.' + tool.upstreamName())) {
          Map<String, Object> schema = schema(tool);
          bySchema
              .computeIfAbsent(schema, _ -> new ConditionChecker(schema))
              .check(rule.condition().get())
              .forEach(problem -> misfits.add(new Misfit(rule, tool.name(), problem)));
        }
      }
    }
    return misfits;
  }

  @SuppressWarnings("unchecked") // members of a JSON object are named by strings
  private static Map<String, Object> schema(ToolDescriptor tool) {
    return tool.definition().get("inputSchema") instanceof Map<?, ?> schema
        ? (Map<String, Object>) schema
        : Map.of();
  }
}
