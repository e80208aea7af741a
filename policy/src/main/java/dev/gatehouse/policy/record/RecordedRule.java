package dev.gatehouse.policy.record;

import dev.gatehouse.core.registry.Glob;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A policy as a row keeps it.
 *
 * @param condition where it has one, it demands something only where that holds, which a row
 *     without the call's arguments cannot tell
 * @param verdict what it demands
 * @param approvers whose answers count, where it demands an approval; empty for anybody's
 */
record RecordedRule(
    String name, Glob when, Optional<String> condition, String verdict, List<String> approvers) {

  /** Reads a policy whose digest was right, so that it is of the form that we wrote. */
  static RecordedRule of(Object tree) {
    if (tree instanceof Map<?, ?> rule
        && rule.get("policy") instanceof String name
        && rule.get("when") instanceof String when
        && rule.get("then") instanceof Map<?, ?> then
        && then.get("effect") instanceof String effect) {
      return new RecordedRule(
          name,
          new Glob(when),
          Optional.ofNullable(rule.get("if")).map(String::valueOf),
          effect,
          then.get("approvers") instanceof List<?> named
              ? named.stream().map(String::valueOf).toList()
              : List.of());
    }
    throw new IllegalArgumentException("a policy on record is not of the form that is known here");
  }

  boolean conditional() {
    return condition.isPresent();
  }

  /** The rule's name in findings. */
  String finding() {
    return "policy:" + name;
  }
}
