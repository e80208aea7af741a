package dev.gatehouse.policy.record;

import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.RuleSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Risk tables and policies that are not in force, and what they would demand of recorded calls. A
 * condition that cannot be evaluated from the row is taken to hold where the same one held then.
 * Single thread.
 */
final class ProposedRules {

  /** Operations whose rules are remembered; names of operations come from upstreams. */
  private static final int OPERATIONS_MAX = 20_000;

  private static final String TOO_MANY = "policy.too_many_conditions";

  /**
   * What would be demanded.
   *
   * @param open a policy that would decide if its condition held, which nobody can tell
   */
  record Demanded(Finding strongest, Optional<String> open) {}

  private final RecordedTables tables;
  private final List<RecordedRule> policies;
  private final String policyDigest;
  private final ConditionLimits limits;
  private final RecordedRules then = new RecordedRules();
  private final Map<String, List<RecordedRule>> byOperation = new HashMap<>();

  /**
   * These.
   *
   * @throws IllegalArgumentException when two policies have one name
   */
  ProposedRules(RiskTables risk, List<PolicyRule> policies, ConditionLimits limits) {
    this.limits = limits;
    this.tables = new RecordedTables(risk.tree());
    this.policies =
        policies.stream()
            .sorted(Comparator.comparing(PolicyRule::name))
            .map(rule -> RecordedRule.of(rule.tree()))
            .toList();
    this.policyDigest = new RuleSet(policies, limits).digest().hex();
  }

  /** Takes the rules of then that the row keeps, if it keeps some. */
  void learn(Map<String, Object> row) {
    then.learn(row);
  }

  /**
   * What they would demand of the call of that row, in the order of the live decision, so that of
   * equal demands the same one decides.
   *
   * @param arguments asked each time that a condition reads them
   */
  Demanded demand(
      Map<String, Object> row,
      List<Finding> findings,
      Supplier<Optional<Map<String, Object>>> arguments) {
    List<Finding> demands = new ArrayList<>(findings.stream().filter(this::stays).toList());
    Optional<Finding> perhaps = Optional.empty();
    if (findings.stream().noneMatch(finding -> finding.isOf("standing."))) {
      Optional<Map<String, Integer>> score =
          findings.stream().anyMatch(finding -> finding.rule().equals("risk.failed"))
              ? Optional.empty()
              : Optional.of(tables.score(row));
      score.flatMap(ProposedRules::threshold).ifPresent(demands::add);
      perhaps =
          policies(
              new RecordedCall(row, score, arguments, Optional.of(limits), Optional.empty()),
              findings,
              demands);
    }
    Finding strongest = new Finding("allow", "default");
    for (Finding demand : demands) {
      strongest = stronger(strongest, demand);
    }
    Finding decides = strongest.asks() ? combined(demands) : strongest;
    return new Demanded(
        decides,
        perhaps
            .filter(open -> Finding.strength(open.verdict()) > Finding.strength(decides.verdict()))
            .map(Finding::rule));
  }

  /** Whether a finding is no matter of thresholds or policies, nor of a person's answer. */
  private boolean stays(Finding finding) {
    return !finding.rule().equals("risk.deny")
        && !finding.rule().equals("risk.review")
        && !finding.lowers()
        && !finding.isOf("policy:")
        && !finding.rule().equals(TOO_MANY);
  }

  /** All demands for approval as one question; refused when nobody could answer them all. */
  private Finding combined(List<Finding> demands) {
    List<Finding> asking = demands.stream().filter(Finding::asks).toList();
    Finding combined = asking.getFirst();
    List<String> accepted = approvers(combined);
    for (Finding demand : asking.subList(1, asking.size())) {
      List<String> named = approvers(demand);
      if (accepted.isEmpty()) {
        combined = demand;
        accepted = named;
      } else if (!named.isEmpty()) {
        accepted = accepted.stream().filter(named::contains).toList();
        if (accepted.isEmpty()) {
          return new Finding("deny", "approval.conflict");
        }
      }
    }
    return combined;
  }

  private List<String> approvers(Finding demand) {
    return policies.stream()
        .filter(rule -> rule.finding().equals(demand.rule()))
        .findFirst()
        .map(RecordedRule::approvers)
        .orElse(List.of());
  }

  private static Optional<Finding> threshold(Map<String, Integer> score) {
    if (Recomputation.reaches(score, "deny_threshold")) {
      return Optional.of(new Finding("deny", "risk.deny"));
    }
    return Recomputation.reaches(score, "review_threshold")
        ? Optional.of(new Finding("approval_required", "risk.review"))
        : Optional.empty();
  }

  /** Adds what policies would demand; returns the strongest that may or may not be demanded. */
  private Optional<Finding> policies(
      RecordedCall call, List<Finding> findings, List<Finding> demands) {
    List<RecordedRule> matching = matching(call.operation());
    if (matching.stream().filter(RecordedRule::conditional).count() > RuleSet.CONDITIONS_MAX) {
      demands.add(new Finding("deny", TOO_MANY));
      return Optional.empty();
    }
    List<RecordedRule> known = known(call.row().get("policy_digest"));
    Optional<Finding> perhaps = Optional.empty();
    for (RecordedRule rule : matching) {
      Finding demand = new Finding(rule.verdict(), rule.finding());
      if (!rule.conditional()) {
        demands.add(demand);
        continue;
      }
      Optional<RecordedRule> old =
          known.stream().filter(one -> sameCondition(one, rule)).findFirst();
      if (call.evaluate(rule) instanceof RecordedCondition.Evaluated(String verdict, _)) {
        if (!verdict.isEmpty()) {
          demands.add(new Finding(verdict, rule.finding()));
        }
      } else if (old.isPresent()) {
        held(old.get(), demand, findings).ifPresent(demands::add);
      } else {
        perhaps = Optional.of(perhaps.map(other -> stronger(other, demand)).orElse(demand));
      }
    }
    return perhaps;
  }

  private List<RecordedRule> known(@Nullable Object digest) {
    return policyDigest.equals(digest) ? policies : then.policies(digest).orElse(List.of());
  }

  private static boolean sameCondition(RecordedRule old, RecordedRule rule) {
    return old.name().equals(rule.name())
        && old.when().equals(rule.when())
        && old.condition().equals(rule.condition());
  }

  /** The demand, where the condition held then; one that could not be evaluated denies again. */
  private static Optional<Finding> held(RecordedRule old, Finding demand, List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.rule().equals(old.finding()))
        .findFirst()
        .map(finding -> finding.verdict().equals(old.verdict()) ? demand : finding);
  }

  private List<RecordedRule> matching(String operation) {
    if (byOperation.size() >= OPERATIONS_MAX) {
      byOperation.clear();
    }
    return byOperation.computeIfAbsent(
        operation, name -> policies.stream().filter(rule -> rule.when().matches(name)).toList());
  }

  private static Finding stronger(Finding one, Finding other) {
    return Finding.strength(other.verdict()) > Finding.strength(one.verdict()) ? other : one;
  }
}
