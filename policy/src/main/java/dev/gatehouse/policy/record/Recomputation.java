package dev.gatehouse.policy.record;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Judges calls again from their rows alone: the score from its inputs and the tables of then, what
 * thresholds and policies demand from the score and the rules of then, the verdict from all
 * demands.
 *
 * <p>What a row does not hold is taken from it as it stands: demands of the manifest, the token and
 * the conditions of policies, which need the agent, the token and the arguments of then. Single
 * thread.
 */
public final class Recomputation {

  private static final List<String> INPUTS =
      List.of(
          "connector",
          "operation",
          "operation_type",
          "connector_class",
          "target_tier",
          "session_actions");

  /**
   * How far it got.
   *
   * @param decisions that came out as they stand
   * @param unknown whose tables or policies are not on record, or who hide what they followed from
   *     behind commitments
   * @param conditions demands of policies with a condition, which were taken as they stand
   */
  public record Summary(long decisions, long unknown, long conditions) {}

  private final RecordedRules rules = new RecordedRules();
  private long decisions;
  private long unknown;
  private long conditions;

  /** Takes the rules that the row keeps, if it keeps some; rows of calls follow when all are in. */
  public void learn(Map<String, Object> row) {
    rules.learn(row);
  }

  /** Judges the call of an intent row again; says what comes out otherwise than it stands. */
  public Optional<String> judge(Map<String, Object> row) {
    Optional<RecordedTables> tables = rules.tables(row.get("risk_digest"));
    Optional<List<RecordedRule>> policies = rules.policies(row.get("policy_digest"));
    if (tables.isEmpty() || policies.isEmpty() || hides(row)) {
      unknown++;
      return Optional.empty();
    }
    List<Finding> findings = Finding.of(row);
    boolean refusedFirst = findings.stream().anyMatch(finding -> finding.isOf("standing."));
    boolean unscored = refusedFirst || named(findings, "risk.failed");
    Map<String, Integer> score = unscored ? tables.get().highest() : tables.get().score(row);
    Optional<String> problem =
        scored(score, row)
            .or(() -> unscored ? Optional.empty() : thresholds(score, findings))
            .or(() -> refusedFirst ? Optional.empty() : demanded(row, policies.get(), findings))
            .or(() -> verdict(row, findings));
    if (problem.isEmpty()) {
      decisions++;
    }
    return problem;
  }

  /** Whether what its decision followed from stands behind commitments. */
  static boolean hides(Map<String, Object> row) {
    return row.containsKey("committed") && !row.keySet().containsAll(INPUTS);
  }

  /** What was done so far. */
  public Summary summary() {
    return new Summary(decisions, unknown, conditions);
  }

  private static Optional<String> scored(Map<String, Integer> score, Map<String, Object> row) {
    if (!(row.get("risk") instanceof Map<?, ?> stated)) {
      return Optional.of("it has no risk");
    }
    for (String part : List.of("operation", "connector", "session", "target", "total")) {
      if (!Objects.equals(score.get(part), stated.get(part))) {
        return Optional.of(
            "risk " + part + " is " + stated.get(part) + ", by the tables " + score.get(part));
      }
    }
    for (String threshold : List.of("review_threshold", "deny_threshold")) {
      if (!Objects.equals(score.get(threshold), stated.get(threshold))) {
        return Optional.of(
            threshold + " is " + stated.get(threshold) + ", in the tables " + score.get(threshold));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> thresholds(Map<String, Integer> score, List<Finding> findings) {
    boolean denies = reaches(score, "deny_threshold");
    boolean reviews = !denies && reaches(score, "review_threshold");
    if (named(findings, "risk.deny") != denies) {
      return Optional.of("risk " + score.get("total") + (denies ? " denies" : " does not deny"));
    }
    if (named(findings, "risk.review") != reviews) {
      return Optional.of(
          "risk " + score.get("total") + (reviews ? " asks for a review" : " asks for no review"));
    }
    return Optional.empty();
  }

  static boolean reaches(Map<String, Integer> score, String threshold) {
    return score.getOrDefault("total", 0) >= score.getOrDefault(threshold, 0);
  }

  private Optional<String> demanded(
      Map<String, Object> row, List<RecordedRule> policies, List<Finding> findings) {
    if (named(findings, "policy.too_many_conditions") || named(findings, "policy.failed")) {
      return Optional.empty();
    }
    String call = row.get("connector") + "." + row.get("operation");
    Set<String> expected = new HashSet<>();
    for (RecordedRule rule : policies) {
      if (!rule.when().matches(call)) {
        continue;
      }
      expected.add(rule.finding());
      Optional<Finding> found =
          findings.stream().filter(finding -> finding.rule().equals(rule.finding())).findAny();
      if (found.isEmpty() && !rule.conditional()) {
        return Optional.of("policy " + rule.name() + " matches, and is not among the findings");
      }
      conditions += rule.conditional() ? 1 : 0;
      // A condition that cannot be evaluated denies, whatever its rule demands.
      if (found.isPresent()
          && !found.get().verdict().equals(rule.verdict())
          && !(rule.conditional() && found.get().verdict().equals("deny"))) {
        return Optional.of(
            "policy "
                + rule.name()
                + " demands "
                + rule.verdict()
                + ", its finding is "
                + found.get().verdict());
      }
    }
    return findings.stream()
        .filter(finding -> finding.isOf("policy:") && !expected.contains(finding.rule()))
        .findFirst()
        .map(finding -> finding.rule() + " is among the findings, and matches no " + call);
  }

  private static Optional<String> verdict(Map<String, Object> row, List<Finding> findings) {
    String verdict = String.valueOf(row.get("verdict"));
    String rule = String.valueOf(row.get("rule"));
    List<Finding> asked =
        findings.stream().filter(finding -> finding.verdict().equals("approval_required")).toList();
    boolean lowered = Finding.lowers(rule) || findings.stream().anyMatch(Finding::lowers);
    boolean unmet = rule.equals("approval.conflict") || rule.equals("approval.failed");
    if (verdict.equals("replay")) {
      return Optional.empty();
    }
    List<Finding> counting = new ArrayList<>(findings);
    if (lowered) {
      counting.removeAll(asked);
    }
    String strongest =
        unmet && !asked.isEmpty()
            ? "deny"
            : counting.stream()
                .map(Finding::verdict)
                .max(Comparator.comparingInt(Finding::strength))
                .orElse("allow");
    if (!verdict.equals(strongest)) {
      return Optional.of("the verdict is " + verdict + ", by its findings " + strongest);
    }
    if (lowered && asked.isEmpty()) {
      return Optional.of(
          "an approval or grant is there that no finding asked for; decided by " + rule);
    }
    boolean ofNothing = Finding.strength(verdict) == 0;
    if (!unmet && !ofNothing && !named(counting, rule)) {
      return Optional.of(rule + " decided, and is not among the findings");
    }
    return Optional.empty();
  }

  private static boolean named(List<Finding> findings, String rule) {
    return findings.stream().anyMatch(finding -> finding.rule().equals(rule));
  }
}
