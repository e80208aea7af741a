package dev.gatehouse.policy.record;

import dev.gatehouse.policy.condition.ConditionLimits;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A call of then, from its row.
 *
 * @param score empty when it could not be told
 * @param arguments those of the call, if they were kept
 * @param labels those of the agent, if they are on record
 * @param limits what evaluating a condition might cost, if that is on record
 */
record RecordedCall(
    Map<String, Object> row,
    Optional<Map<String, Integer>> score,
    Supplier<Optional<Map<String, Object>>> arguments,
    Optional<ConditionLimits> limits,
    Optional<Map<?, ?>> labels) {

  String operation() {
    return row.get("connector") + "." + row.get("operation");
  }

  RecordedCondition evaluate(RecordedRule rule) {
    RecordedParts parts =
        new RecordedParts(row, score, arguments, labels, rule.condition().orElse(""));
    return limits.isPresent()
        ? RecordedCondition.of(rule, parts, limits.get())
        : new RecordedCondition.NotOnRecord();
  }
}
