package dev.gatehouse.policy.check;

import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.PolicySet;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.risk.TableRisk;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.PolicyTest;
import dev.gatehouse.policy.rules.RuleSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Runs the tests that rules bring along: each rule alone, on each of its payloads. */
public final class PolicyTests {

  private static final AgentId AGENT = new AgentId("test");
  private static final CallId CALL = new CallId("00000000-0000-7000-8000-000000000000");

  private PolicyTests() {}

  /**
   * What came of one test.
   *
   * @param number which of the rule's tests, from 1
   * @param actual the verdict
   * @param reason why, in words; empty when the rule did not match
   */
  public record Result(PolicyRule rule, int number, PolicyTest test, String actual, String reason) {

    /** Whether the verdict is the expected one. */
    public boolean passed() {
      return test.expect().equals(actual);
    }
  }

  /**
   * Runs all tests of the rules.
   *
   * @throws IllegalArgumentException when a rule's condition is none
   */
  public static List<Result> run(List<PolicyRule> rules, ConditionLimits limits) {
    List<Result> results = new ArrayList<>();
    for (PolicyRule rule : rules) {
      PolicySet alone = new RuleSet(List.of(rule), limits);
      for (int i = 0; i < rule.tests().size(); i++) {
        PolicyTest test = rule.tests().get(i);
        Optional<Decision> demand =
            alone.evaluate(call(rule, test), situation(alone, test)).stream()
                .max(Comparator.comparingInt(Decision::strength));
        results.add(
            new Result(
                rule,
                i + 1,
                test,
                demand.map(Decision::verdict).orElse("allow"),
                demand.map(found -> found.reason().message()).orElse("")));
      }
    }
    return results;
  }

  private static ToolCall call(PolicyRule rule, PolicyTest test) {
    String name = rule.when().pattern().replace('*', 'x');
    int dot = name.indexOf('.');
    String connector = dot < 0 ? "x" : name.substring(0, dot);
    String operation = name.substring(dot + 1);
    return ToolCall.of(
        CALL,
        new Principal(AGENT, ""),
        "",
        new ToolDescriptor(
            "tool",
            connector,
            operation,
            Map.of(),
            OperationType.WRITE,
            "config",
            "internal",
            connector,
            TargetTier.PROD),
        test.payload(),
        new Deadline(Instant.MAX),
        TraceContext.NONE);
  }

  private static Situation situation(PolicySet rules, PolicyTest test) {
    Manifest anything =
        new Manifest(
            "tests", List.of(), EnumSet.allOf(OperationType.class), List.of(), OptionalInt.empty());
    Agent agent = new Agent(AGENT, "tests", test.labels(), AgentStatus.ACTIVE, "", anything);
    return new Situation(
        Instant.EPOCH,
        Optional.of(agent),
        Optional.empty(),
        new Activity(1, 1),
        new TableRisk(RiskTables.DEFAULT),
        (_, _) -> List.of(),
        rules,
        Optional.empty(),
        List.of());
  }
}
