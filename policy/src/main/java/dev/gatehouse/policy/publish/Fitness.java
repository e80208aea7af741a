package dev.gatehouse.policy.publish;

import dev.gatehouse.policy.check.PolicyTests;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.rules.PolicyRule;
import java.util.List;

/** Whether rules can be in force: they fit what is there, and the tests that they bring pass. */
final class Fitness {

  private Fitness() {}

  /** Why they cannot; empty when they can. */
  static List<String> problems(List<PolicyRule> rules, LivePolicyVersions.Judging judging) {
    try {
      List<String> misfits = judging.misfits(rules);
      return misfits.isEmpty() ? failedTests(rules) : misfits;
    } catch (IllegalArgumentException e) { // a condition that is none, two rules of one name
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> failedTests(List<PolicyRule> rules) {
    return PolicyTests.run(rules, ConditionLimits.DEFAULT).stream()
        .filter(result -> !result.passed())
        .map(
            result ->
                "policy '"
                    + result.rule().name()
                    + "', test "
                    + result.number()
                    + ": expected "
                    + result.test().expect()
                    + ", got "
                    + result.actual())
        .toList();
  }
}
