package dev.gatehouse.policy.record;

import dev.gatehouse.policy.condition.ConditionFailedException;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.condition.Conditions;
import dev.gatehouse.policy.condition.Facts;

/** A condition of then, evaluated again for a call of then. */
sealed interface RecordedCondition {

  /** What it needs is not on record. */
  record NotOnRecord() implements RecordedCondition {}

  /**
   * What came out.
   *
   * @param verdict what follows for the call; empty when the condition does not hold
   * @param withArguments whether the call's arguments were read
   */
  record Evaluated(String verdict, boolean withArguments) implements RecordedCondition {}

  /** Evaluates the condition of a rule; one that fails denies, whatever its rule demands. */
  static RecordedCondition of(RecordedRule rule, RecordedParts parts, ConditionLimits limits) {
    String verdict;
    try {
      boolean holds =
          Conditions.compile(rule.condition().orElse("true"), limits)
              .holds(new Facts(parts, limits));
      verdict = holds ? rule.verdict() : "";
    } catch (ConditionFailedException e) {
      verdict = "deny";
    } catch (IllegalArgumentException e) {
      return new NotOnRecord(); // of another language than ours
    }
    return parts.missing() ? new NotOnRecord() : new Evaluated(verdict, parts.readArguments());
  }
}
