package dev.gatehouse.policy;

import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.drift.DriftRules;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.PolicyRule;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reload may change: how calls are judged.
 *
 * @param risk the tables and thresholds
 * @param policies the rules; unique names, at most 10,000
 * @param conditionLimits what one evaluation of a rule's condition may cost
 * @param drift how grave which deviation from a manifest is
 */
public record GovernanceRules(
    RiskTables risk, List<PolicyRule> policies, ConditionLimits conditionLimits, DriftRules drift) {

  /** The default tables and no rules. */
  public static final GovernanceRules DEFAULT = new GovernanceRules(RiskTables.DEFAULT, List.of());

  public GovernanceRules {
    policies = List.copyOf(policies);
  }

  /** Rules with the default limits and the default answers to drift. */
  public GovernanceRules(RiskTables risk, List<PolicyRule> policies) {
    this(risk, policies, ConditionLimits.DEFAULT, DriftRules.DEFAULT);
  }

  /** These and other policies. */
  public GovernanceRules with(List<PolicyRule> more) {
    List<PolicyRule> all = new ArrayList<>(policies);
    all.addAll(more);
    return new GovernanceRules(risk, all, conditionLimits, drift);
  }
}
