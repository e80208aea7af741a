package dev.gatehouse.policy.publish;

import dev.gatehouse.policy.check.PolicyTests;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.text.PolicyText;
import java.util.List;

/** Whether rules can be in force: they fit what is there, and the tests that they bring pass. */
final class Fitness {

  private Fitness() {}

  /**
   * The rules of a text.
   *
   * @param problems why they cannot be in force; empty when they can
   */
  record Tried(List<PolicyRule> rules, List<String> problems) {}

  static Tried of(String text, LivePolicyVersions.Judging judging) {
    PolicyText.Parsed parsed = PolicyText.parse(text);
    List<PolicyRule> rules = parsed.rules().stream().map(PolicyText.Placed::rule).toList();
    return new Tried(
        rules,
        parsed.problems().isEmpty()
            ? problems(rules, judging)
            : parsed.problems().stream().map(Object::toString).toList());
  }

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
