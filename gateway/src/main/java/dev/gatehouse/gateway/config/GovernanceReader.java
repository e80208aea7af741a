package dev.gatehouse.gateway.config;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.decision.DriftModel;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.sql.PostgresAddress;
import dev.gatehouse.policy.GovernanceLimits;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.approval.ApprovalLimits;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.condition.Conditions;
import dev.gatehouse.policy.drift.DriftRules;
import dev.gatehouse.policy.grant.GrantRules;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.risk.SessionStep;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.PolicyTest;
import dev.gatehouse.policy.rules.Severity;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code risk}, {@code drift}, {@code policies}, {@code approvals} and {@code grants}. */
final class GovernanceReader {

  private final Building building;

  GovernanceReader(Building building) {
    this.building = building;
  }

  /**
   * The rules of the config file.
   *
   * @param more rules that stand in files of their own
   */
  GovernanceRules rules(Section root, List<PolicyRule> more) {
    Section risk = root.section("risk");
    RiskTables tables = building.attempt(risk, () -> tables(risk)).orElse(RiskTables.DEFAULT);
    List<PolicyRule> policies = new ArrayList<>(policies(root));
    policies.addAll(more);
    Section limits = root.section("policy_limits");
    return new GovernanceRules(
        tables,
        policies,
        building.attempt(limits, () -> conditionLimits(limits)).orElse(ConditionLimits.DEFAULT),
        drift(root.section("drift")));
  }

  private DriftRules drift(Section drift) {
    return building
        .attempt(
            drift,
            () ->
                new DriftRules(
                    drift
                        .optional("undeclared")
                        .map(word -> Words.constant(DriftModel.Severity.class, word)),
                    Words.constant(
                        DriftModel.Severity.class, drift.text("calls_per_minute", "medium")),
                    Words.constant(DriftModel.Severity.class, drift.text("hours", "medium")),
                    drift
                        .optional("sequence")
                        .map(word -> Words.constant(DriftModel.Severity.class, word))))
        .orElse(DriftRules.DEFAULT);
  }

  /** The rules under {@code policies}. */
  List<PolicyRule> policies(Section root) {
    List<PolicyRule> policies = new ArrayList<>();
    root.sections("policies")
        .forEach(
            section -> building.attempt(section, () -> policy(section)).ifPresent(policies::add));
    return policies;
  }

  private static ConditionLimits conditionLimits(Section limits) {
    ConditionLimits fallback = ConditionLimits.DEFAULT;
    return new ConditionLimits(
        limits.integer("iterations_max", fallback.iterationsMax()),
        limits.integer("payload_chars_max", fallback.payloadCharsMax()));
  }

  GovernanceLimits limits(Section root) {
    Section approvals = root.section("approvals");
    GovernanceLimits limits =
        building.attempt(approvals, () -> limitsOf(approvals)).orElse(GovernanceLimits.DEFAULT);
    Section grants = root.section("grants");
    return root.has("grants")
        ? building.attempt(grants, () -> limits.with(grantRules(grants))).orElse(limits)
        : limits;
  }

  private static GrantRules grantRules(Section grants) {
    return new GrantRules(
        new Effect.ApprovalRequired(
            grants.texts("approvers"),
            grants.duration("timeout", Effect.ApprovalRequired.TIMEOUT_DEFAULT),
            false,
            grants.integer("quorum", 1)),
        grants.duration("default_ttl", GrantRules.DEFAULT_TTL),
        grants.duration("max_ttl", GrantRules.MAX_TTL),
        grants.integer("max_per_agent", GrantRules.MAX_PER_AGENT));
  }

  /** Where open questions are kept; empty for a file in the data directory. */
  Optional<PostgresAddress> approvalStore(Section root) {
    Section postgres = root.section("approvals").section("store").section("postgres");
    return postgres.has("url")
        ? building.attempt(
            postgres,
            () ->
                new PostgresAddress(
                    URI.create(postgres.text("url", "")),
                    postgres.text("user", ""),
                    postgres.optional("password"),
                    postgres.flag("allow_plaintext", false),
                    postgres.duration("timeout", Duration.ofSeconds(10))))
        : Optional.empty();
  }

  private static RiskTables tables(Section risk) {
    RiskTables fallback = RiskTables.DEFAULT;
    Map<OperationType, Integer> operations = new HashMap<>(fallback.operation());
    risk.integers("operations")
        .forEach((word, points) -> operations.put(Words.operation(word), points));
    Map<String, Integer> connectors = new HashMap<>(fallback.connectorClass());
    connectors.putAll(risk.integers("connectors"));
    Map<TargetTier, Integer> targets = new HashMap<>(fallback.target());
    risk.integers("targets").forEach((word, points) -> targets.put(Words.tier(word), points));
    List<SessionStep> steps =
        risk.sections("session_steps").stream()
            .map(step -> new SessionStep(step.integer("actions", 1), step.integer("points", 0)))
            .toList();
    return new RiskTables(
        operations,
        connectors,
        risk.integer("other_connectors", fallback.otherConnectorClass()),
        risk.has("session_steps") ? steps : fallback.session(),
        targets,
        risk.integer("review_threshold", fallback.reviewThreshold()),
        risk.integer("deny_threshold", fallback.denyThreshold()));
  }

  private PolicyRule policy(Section section) {
    Section then = section.section("then");
    Optional<String> condition = section.optional("if");
    condition.ifPresent(
        source ->
            Conditions.check(source)
                .forEach(problem -> building.problem(section.at("if"), problem.toString())));
    return new PolicyRule(
        section.text("policy", ""),
        new Glob(section.text("when", "")),
        condition,
        effect(then),
        Words.constant(Severity.class, then.text("severity", "medium")),
        section.sections("tests").stream().map(GovernanceReader::test).toList());
  }

  private static PolicyTest test(Section test) {
    return new PolicyTest(
        JsonValues.object(test.section("payload").node()),
        test.textMap("labels"),
        test.text("expect", ""));
  }

  private static Effect effect(Section then) {
    return switch (then.text("effect", "")) {
      case "allow" -> new Effect.Allow();
      case "deny" -> new Effect.Deny();
      case "approval_required" ->
          new Effect.ApprovalRequired(
              then.texts("approvers"),
              then.duration("timeout", Effect.ApprovalRequired.TIMEOUT_DEFAULT),
              then.flag("show_diff", false),
              then.integer("quorum", 1));
      case "throttle" ->
          new Effect.Throttle(then.duration("retry_after", Effect.Throttle.RETRY_DEFAULT));
      case String other -> throw new IllegalArgumentException("no such effect: " + other);
    };
  }

  private static GovernanceLimits limitsOf(Section approvals) {
    GovernanceLimits fallback = GovernanceLimits.DEFAULT;
    ApprovalLimits bounds = fallback.approvals();
    return new GovernanceLimits(
        approvals.duration("timeout", fallback.reviewTimeout()),
        approvals.duration("throttle_retry", fallback.throttleRetry()),
        new ApprovalLimits(
            approvals.integer("open_max", bounds.openMax()),
            approvals.integer("open_per_agent_max", bounds.openPerAgentMax()),
            approvals.byteCount("argument_bytes_max", bounds.argumentBytesMax()),
            bounds.openArgumentBytesMax(),
            bounds.rememberedMax(),
            approvals.duration("denial_stands", bounds.denialStands()),
            approvals.flag("owner_may_approve", bounds.ownerMayApprove())),
        fallback.activity(),
        fallback.grants());
  }
}
