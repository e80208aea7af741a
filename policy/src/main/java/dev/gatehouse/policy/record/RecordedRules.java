package dev.gatehouse.policy.record;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.policy.condition.ConditionLimits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The risk tables and policies that rows have kept, by their digests: what does not have the digest
 * that it is kept under is not taken. Single thread.
 */
final class RecordedRules {

  private final Map<String, RecordedTables> tables = new HashMap<>();
  private final Map<String, List<RecordedRule>> policies = new HashMap<>();
  private final Map<String, SortedMap<Integer, List<?>>> parts = new HashMap<>();
  private final Map<String, Set<ConditionLimits>> limits = new HashMap<>();

  /** Takes what the row keeps, if it is one that keeps something. */
  void learn(Map<String, Object> row) {
    if (RuleRows.RISK.equals(row.get("event"))
        && row.get("risk_digest") instanceof String digest
        && row.get("risk") instanceof Map<?, ?> tree
        && Digest.ofJson(tree).hex().equals(digest)) {
      tables.put(digest, new RecordedTables(tree));
    } else if (RuleRows.POLICIES.equals(row.get("event"))
        && row.get("policy_digest") instanceof String digest
        && row.get("part") instanceof Integer part
        && row.get("parts") instanceof Integer all
        && row.get("policies") instanceof List<?> rules) {
      SortedMap<Integer, List<?>> known = parts.computeIfAbsent(digest, _ -> new TreeMap<>());
      known.put(part, rules);
      limits(row).ifPresent(each -> limits.computeIfAbsent(digest, _ -> new HashSet<>()).add(each));
      if (known.size() == all) {
        whole(digest, known);
      }
    }
  }

  private void whole(String digest, SortedMap<Integer, List<?>> known) {
    List<Object> trees =
        known.values().stream().<Object>flatMap(part -> part.stream().map(rule -> rule)).toList();
    if (Digest.ofJson(trees).hex().equals(digest)) {
      policies.put(digest, trees.stream().map(RecordedRule::of).toList());
      parts.remove(digest);
    }
  }

  private static Optional<ConditionLimits> limits(Map<String, Object> row) {
    return row.get(RuleRows.ITERATIONS_MAX) instanceof Integer iterations
            && row.get(RuleRows.PAYLOAD_CHARS_MAX) instanceof Integer chars
        ? Optional.of(new ConditionLimits(iterations, chars))
        : Optional.empty();
  }

  /** What evaluating a condition of these policies might cost; empty when it changed. */
  Optional<ConditionLimits> limits(@Nullable Object digest) {
    Set<ConditionLimits> known = limits.getOrDefault(String.valueOf(digest), Set.of());
    return known.size() == 1 ? known.stream().findFirst() : Optional.empty();
  }

  Optional<RecordedTables> tables(@Nullable Object digest) {
    return Optional.ofNullable(tables.get(String.valueOf(digest)));
  }

  Optional<List<RecordedRule>> policies(@Nullable Object digest) {
    return Optional.ofNullable(policies.get(String.valueOf(digest)));
  }
}
