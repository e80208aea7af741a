package dev.gatehouse.policy.record;

import dev.gatehouse.core.registry.Glob;
import java.util.Map;

/**
 * A policy as a row keeps it.
 *
 * @param conditional whether it demands something only where a condition holds, which a row without
 *     the call's arguments cannot tell
 * @param verdict what it demands
 */
record RecordedRule(String name, Glob when, boolean conditional, String verdict) {

  /** Reads a policy whose digest was right, so that it is of the form that we wrote. */
  static RecordedRule of(Object tree) {
    if (tree instanceof Map<?, ?> rule
        && rule.get("policy") instanceof String name
        && rule.get("when") instanceof String when
        && rule.get("then") instanceof Map<?, ?> then
        && then.get("effect") instanceof String effect) {
      return new RecordedRule(name, new Glob(when), rule.containsKey("if"), effect);
    }
    throw new IllegalArgumentException("a policy on record is not of the form that is known here");
  }

  /** The rule's name in findings. */
  String finding() {
    return "policy:" + name;
  }
}
