package dev.gatehouse.policy.rules;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.PolicySet;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.policy.condition.Condition;
import dev.gatehouse.policy.condition.ConditionFailedException;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.condition.Conditions;
import dev.gatehouse.policy.condition.Facts;
import dev.gatehouse.policy.ranges.Ranges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A published set of rules. Immutable; all rules that match are evaluated, in the order of their
 * names, so that neither demands nor digest depend on the order in the file.
 *
 * <p>Rules are indexed by (connector, operation): the patterns are matched once for each pair that
 * is ever called, and afterwards a look-up finds them. The index is a bounded cache, because names
 * of operations come from upstreams.
 */
public final class RuleSet implements PolicySet {

  /** Most rules of a set. */
  static final int RULES_MAX = 10_000;

  /** Most (connector, operation) pairs whose rules are remembered. */
  static final int PAIRS_MAX = 20_000;

  /** Most rules with a condition that one call may have to evaluate; a call with more is denied. */
  public static final int CONDITIONS_MAX = 256;

  private final List<CompiledRule> rules;
  private final ConditionLimits limits;
  private final LoadingCache<Pair, Matching> byPair;
  private final Digest digest;

  public RuleSet(List<PolicyRule> declared) {
    this(declared, ConditionLimits.DEFAULT);
  }

  /**
   * Compiles the rules; takes milliseconds for each condition that was never compiled before.
   *
   * @throws IllegalArgumentException for two rules of one name, and for a condition that is none
   */
  public RuleSet(List<PolicyRule> declared, ConditionLimits limits) {
    this.limits = limits;
    Ranges.check("the number of policies", declared.size(), 0, RULES_MAX);
    Set<String> names = new HashSet<>();
    for (PolicyRule rule : declared) {
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException("two policies have the name '" + rule.name() + "'");
      }
    }
    List<PolicyRule> sorted =
        declared.stream().sorted(Comparator.comparing(PolicyRule::name)).toList();
    this.rules = sorted.stream().map(rule -> CompiledRule.of(rule, limits)).toList();
    this.byPair =
        Caffeine.newBuilder().maximumSize(PAIRS_MAX).executor(Runnable::run).build(this::matching);
    this.digest = Digest.ofJson(sorted.stream().map(PolicyRule::tree).toList());
  }

  @Override
  public Digest digest() {
    return digest;
  }

  @Override
  public List<Decision> evaluate(GovernedCall call, Situation situation) {
    if (rules.isEmpty()) {
      return List.of();
    }
    Matching matching = byPair.get(new Pair(call.connector(), call.operation()));
    if (matching.conditions() > CONDITIONS_MAX) {
      return List.of(tooManyConditions(call, matching.conditions()));
    }
    Facts facts = new Facts(call, situation, limits);
    List<Decision> demands = new ArrayList<>(matching.rules().size());
    for (CompiledRule rule : matching.rules()) {
      rule.addDemand(facts, demands);
    }
    return demands;
  }

  private static Decision tooManyConditions(GovernedCall call, int conditions) {
    return new Decision.Deny(
        new Reason(
            "policy.too_many_conditions",
            conditions
                + " policies with a condition match "
                + call.connector()
                + '.'
                + call.operation()
                + "; at most "
                + CONDITIONS_MAX
                + " are evaluated, so the call is refused"));
  }

  private Matching matching(Pair pair) {
    String name = pair.connector() + '.' + pair.operation();
    List<CompiledRule> matching =
        rules.stream().filter(rule -> rule.declared().when().matches(name)).toList();
    return new Matching(
        matching, (int) matching.stream().filter(rule -> rule.condition().isPresent()).count());
  }

  private record Pair(String connector, String operation) {}

  private record Matching(List<CompiledRule> rules, int conditions) {}

  /** A rule with its demand made ready. */
  private record CompiledRule(PolicyRule declared, Optional<Condition> condition, Decision demand) {

    static CompiledRule of(PolicyRule rule, ConditionLimits limits) {
      Reason reason =
          new Reason(
              "policy:" + rule.name(),
              "policy '" + rule.name() + "' (" + rule.severity() + ") matches " + rule.when());
      Decision demand =
          switch (rule.effect()) {
            case Effect.Allow _ -> new Decision.Permit(reason);
            case Effect.Deny _ -> new Decision.Deny(reason);
            case Effect.ApprovalRequired ask ->
                new Decision.RequireApproval(reason, ask.timeout(), ask.approvers(), ask.quorum());
            case Effect.Throttle throttle -> new Decision.Throttle(reason, throttle.retryAfter());
          };
      return new CompiledRule(rule, condition(rule, limits), demand);
    }

    private static Optional<Condition> condition(PolicyRule rule, ConditionLimits limits) {
      try {
        return rule.condition().map(source -> Conditions.compile(source, limits));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("policy '" + rule.name() + "': " + e.getMessage(), e);
      }
    }

    void addDemand(Facts facts, List<Decision> demands) {
      if (condition.isEmpty()) {
        demands.add(demand);
        return;
      }
      try {
        if (condition.get().holds(facts)) {
          demands.add(demand);
        }
      } catch (ConditionFailedException e) {
        demands.add(failed(e));
      }
    }

    private Decision failed(ConditionFailedException cause) {
      return new Decision.Deny(
          new Reason(
              "policy:" + declared.name(),
              "policy '"
                  + declared.name()
                  + "' could not be evaluated for this call ("
                  + cause.getMessage()
                  + "); refused"));
    }
  }
}
