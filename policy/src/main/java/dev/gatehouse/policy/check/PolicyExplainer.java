package dev.gatehouse.policy.check;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.Decider;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.RiskModel;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.policy.GovernanceLimits;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.drift.DeclaredJob;
import dev.gatehouse.policy.risk.TableRisk;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.RuleSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what would be decided about a call, and what each rule has to do with it. */
public final class PolicyExplainer {

  private PolicyExplainer() {}

  /** How a rule stands to a call. */
  public enum Standing {
    /** Its pattern is about other operations. */
    ELSEWHERE,
    /** Its condition does not hold. */
    CONDITION_FALSE,
    /** It makes its demand. */
    MATCHES,
    /** Its condition cannot be evaluated, so that it denies. */
    FAILS
  }

  /**
   * A rule and a call.
   *
   * @param message the demand or the failure in words; empty when there is none
   */
  public record Line(PolicyRule rule, Standing standing, String message) {}

  /**
   * What would be decided.
   *
   * @param ruling the decision over all steps, with risk and findings
   * @param lines each rule, in the order of their names
   */
  public record Explanation(Ruling ruling, List<Line> lines) {
    public Explanation {
      lines = List.copyOf(lines);
    }
  }

  /** What intent rows name these rules by. */
  public static Digest digest(GovernanceRules rules) {
    return new RuleSet(rules.policies(), rules.conditionLimits()).digest();
  }

  /**
   * Decides a call that nobody makes. Nothing is counted or recorded.
   *
   * @throws IllegalArgumentException when the rules contradict each other
   */
  public static Explanation explain(
      GovernanceRules rules, Agent agent, GovernedCall call, Activity activity, Instant at) {
    RuleSet all = new RuleSet(rules.policies(), rules.conditionLimits());
    RiskModel risk = new TableRisk(rules.risk());
    Situation situation =
        new Situation(
            at,
            Optional.of(agent),
            Optional.empty(),
            activity,
            risk,
            new DeclaredJob(rules.drift()),
            all,
            Optional.empty(),
            List.of());
    GovernanceLimits limits = GovernanceLimits.DEFAULT;
    Ruling ruling =
        new Decider(limits.reviewTimeout(), limits.throttleRetry()).decide(call, situation);
    List<Line> lines = new ArrayList<>();
    for (PolicyRule rule : rules.policies()) {
      lines.add(line(rule, rules, call, situation));
    }
    return new Explanation(ruling, lines);
  }

  private static Line line(
      PolicyRule rule, GovernanceRules rules, GovernedCall call, Situation situation) {
    if (!rule.when().matches(call.connector() + '.' + call.operation())) {
      return new Line(rule, Standing.ELSEWHERE, "");
    }
    List<Decision> demands =
        new RuleSet(List.of(rule), rules.conditionLimits()).evaluate(call, situation);
    if (demands.isEmpty()) {
      return new Line(rule, Standing.CONDITION_FALSE, "");
    }
    String message = demands.getFirst().reason().message();
    boolean failed = message.contains("could not be evaluated");
    return new Line(rule, failed ? Standing.FAILS : Standing.MATCHES, message);
  }
}
