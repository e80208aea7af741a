package dev.gatehouse.policy;

import java.util.List;

/**
 * What a reload may change: how calls are judged.
 *
 * @param risk the tables and thresholds
 * @param policies the rules; unique names, at most 10,000
 */
public record GovernanceRules(RiskTables risk, List<PolicyRule> policies) {

  /** The default tables and no rules. */
  public static final GovernanceRules DEFAULT = new GovernanceRules(RiskTables.DEFAULT, List.of());

  public GovernanceRules {
    policies = List.copyOf(policies);
  }
}
