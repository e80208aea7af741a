package dev.gatehouse.gateway;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.publish.PolicyVersions;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.policy.Governance;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.check.PolicyTyping;
import dev.gatehouse.policy.publish.LivePolicyVersions;
import dev.gatehouse.policy.publish.PolicyShelf;
import dev.gatehouse.policy.rules.PolicyRule;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The rules that judge calls: the config's and, beside them, those that operators published. What
 * changes the ones waits for what changes the others. Blocks; for virtual threads.
 */
final class RulesInForce {

  private final Governance governance;
  private final Supplier<Collection<ToolDescriptor>> tools;
  private final LivePolicyVersions published;
  private GovernanceRules configured;

  /**
   * @param configured the config's rules; governance was started with these and the shelf's
   */
  RulesInForce(
      Governance governance,
      GovernanceRules configured,
      PolicyShelf shelf,
      AuditLog audit,
      InstantSource clock,
      Supplier<Collection<ToolDescriptor>> tools) {
    this.governance = governance;
    this.configured = configured;
    this.tools = tools;
    this.published = new LivePolicyVersions(shelf, audit, clock, new Judging());
  }

  PolicyVersions versions() {
    return published;
  }

  /** From now on what is published here is told to the fleet, and heard from it; once. */
  void share(NoteCarrier fleet) {
    published.share(fleet);
  }

  /** Whether what the fleet has published is in force here, as far as it can be asked. */
  boolean agreesWithFleet() {
    return published.agrees();
  }

  /** Does this while nobody publishes. */
  <T> T whileUnchanged(Supplier<T> work) {
    return published.whileUnchanged(work);
  }

  /** Why the config's rules cannot be these; empty when they can. */
  List<String> misfits(GovernanceRules next) {
    return misfits(next, published.rules(), next.with(published.rules()).policies());
  }

  /** Puts the config's rules in force, which fit. */
  void replace(GovernanceRules next) {
    governance.replace(next.with(published.rules()));
    configured = next;
  }

  /** Policies of one name in the config and among the published ones. */
  static List<String> clashes(GovernanceRules configured, List<PolicyRule> published) {
    Set<String> names =
        configured.policies().stream().map(PolicyRule::name).collect(Collectors.toSet());
    return published.stream()
        .map(PolicyRule::name)
        .filter(names::contains)
        .map(name -> "policy '" + name + "' stands in the config and is published, too; rename one")
        .toList();
  }

  private List<String> misfits(
      GovernanceRules configured, List<PolicyRule> published, List<PolicyRule> untried) {
    List<String> problems = new ArrayList<>(clashes(configured, published));
    PolicyTyping.check(untried, tools.get()).forEach(misfit -> problems.add(misfit.toString()));
    return problems;
  }

  /** What publishing asks, while it has the orders to itself. */
  private final class Judging implements LivePolicyVersions.Judging {

    @Override
    public List<String> misfits(List<PolicyRule> rules) {
      return RulesInForce.this.misfits(configured, rules, rules);
    }

    @Override
    public Digest inForce(List<PolicyRule> rules) {
      governance.replace(configured.with(rules));
      return governance.policyDigest();
    }
  }
}
