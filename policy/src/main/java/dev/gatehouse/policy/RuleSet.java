package dev.gatehouse.policy;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.PolicySet;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.Digest;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A published set of rules. Immutable; all rules that match are evaluated, in the order of their
 * names, so that neither demands nor digest depend on the order in the file.
 *
 * <p>Rules are indexed by (connector, operation): the patterns are matched once for each pair that
 * is ever called, and afterwards a look-up finds them. The index is a bounded cache, because names
 * of operations come from upstreams.
 */
final class RuleSet implements PolicySet {

  /** Most rules of a set. */
  static final int RULES_MAX = 10_000;

  /** Most (connector, operation) pairs whose rules are remembered. */
  static final int PAIRS_MAX = 20_000;

  private final List<CompiledRule> rules;
  private final LoadingCache<Pair, List<CompiledRule>> byPair;
  private final Digest digest;

  RuleSet(List<PolicyRule> declared) {
    Ranges.check("the number of policies", declared.size(), 0, RULES_MAX);
    Set<String> names = new HashSet<>();
    for (PolicyRule rule : declared) {
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException("two policies have the name '" + rule.name() + "'");
      }
    }
    List<PolicyRule> sorted =
        declared.stream().sorted(Comparator.comparing(PolicyRule::name)).toList();
    this.rules = sorted.stream().map(CompiledRule::of).toList();
    this.byPair =
        Caffeine.newBuilder().maximumSize(PAIRS_MAX).executor(Runnable::run).build(this::matching);
    this.digest = Digest.ofJson(sorted.stream().map(RuleSet::tree).toList());
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
    List<CompiledRule> matching = byPair.get(new Pair(call.connector(), call.operation()));
    return matching.stream().map(CompiledRule::demand).toList();
  }

  private List<CompiledRule> matching(Pair pair) {
    String name = pair.connector() + '.' + pair.operation();
    return rules.stream().filter(rule -> rule.declared().when().matches(name)).toList();
  }

  private record Pair(String connector, String operation) {}

  /** A rule with its demand made ready. */
  private record CompiledRule(PolicyRule declared, Decision demand) {

    static CompiledRule of(PolicyRule rule) {
      Reason reason =
          new Reason(
              "policy:" + rule.name(),
              "policy '" + rule.name() + "' (" + rule.severity() + ") matches " + rule.when());
      Decision demand =
          switch (rule.effect()) {
            case Effect.Allow _ -> new Decision.Permit(reason);
            case Effect.Deny _ -> new Decision.Deny(reason);
            case Effect.ApprovalRequired ask ->
                new Decision.RequireApproval(reason, ask.timeout(), ask.approvers());
            case Effect.Throttle throttle -> new Decision.Throttle(reason, throttle.retryAfter());
          };
      return new CompiledRule(rule, demand);
    }
  }

  private static Map<String, Object> tree(PolicyRule rule) {
    return Map.of(
        "policy", rule.name(),
        "when", rule.when().pattern(),
        "then", effect(rule.effect()),
        "severity", rule.severity().name().toLowerCase(Locale.ROOT));
  }

  private static Map<String, Object> effect(Effect effect) {
    return switch (effect) {
      case Effect.Allow _ -> Map.of("effect", "allow");
      case Effect.Deny _ -> Map.of("effect", "deny");
      case Effect.ApprovalRequired ask ->
          Map.of(
              "effect", "approval_required",
              "approvers", ask.approvers().stream().sorted().toList(),
              "timeout_ms", ask.timeout().toMillis());
      case Effect.Throttle throttle ->
          Map.of("effect", "throttle", "retry_after_ms", throttle.retryAfter().toMillis());
    };
  }
}
