package dev.gatehouse.policy.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.policy.Governance;
import dev.gatehouse.policy.GovernanceLimits;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.record.Simulation.Change;
import dev.gatehouse.policy.record.Simulation.Changed;
import dev.gatehouse.policy.record.Simulation.Tally;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.Severity;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Recorded calls under rules that were not in force. */
final class SimulationTest {

  private static final AgentId OTHER = new AgentId("other");
  private static final Effect DENY = new Effect.Deny();
  private static final Effect SLOW = new Effect.Throttle(Duration.ofSeconds(5));
  private static final Effect ASK = new Effect.ApprovalRequired(List.of(), Duration.ofHours(1));

  private final MemoryAuditLog audit = new MemoryAuditLog();

  private static PolicyRule rule(String name, String when, Effect effect) {
    return new PolicyRule(name, new Glob(when), effect, Severity.LOW);
  }

  private static PolicyRule rule(String name, String when, String condition, Effect effect) {
    return new PolicyRule(
        name, new Glob(when), Optional.of(condition), effect, Severity.LOW, List.of());
  }

  private static GovernanceRules rules(PolicyRule... policies) {
    return new GovernanceRules(RiskTables.DEFAULT, List.of(policies));
  }

  private Governance under(GovernanceRules rules, MemoryAuditLog log) {
    return Governance.start(
        rules,
        GovernanceLimits.DEFAULT,
        Calls.registry(Calls.agent(Calls.TRIAGE), Calls.agent(OTHER)),
        log,
        new ManualClock());
  }

  private Simulation simulation(GovernanceRules rules) {
    Simulation simulation = new Simulation(rules.risk(), rules.policies(), rules.conditionLimits());
    audit.rows().forEach(simulation::learn);
    return simulation;
  }

  private List<Changed> simulated(Simulation simulation) {
    return audit.rows("intent").stream().flatMap(row -> simulation.judge(row).stream()).toList();
  }

  private List<Changed> simulated(GovernanceRules rules) {
    return simulated(simulation(rules));
  }

  private void made(GovernanceRules rules, GovernedCall... calls) {
    try (Governance governance = under(rules, audit)) {
      for (GovernedCall call : calls) {
        var _ = governance.gate().admit(call);
      }
    }
  }

  /** What is simulated is what would have been: the same calls are made under both. */
  @Test
  void simulatedVerdictsAreThoseOfTheRulesInForce() {
    Random random = new Random(7);
    for (int round = 0; round < 100; round++) {
      GovernanceRules then = anyRules(random);
      GovernanceRules proposed = anyRules(random);
      List<GovernedCall> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(anyCall(random));
      }
      List<Map<String, Object>> recorded = decided(then, calls);
      List<Map<String, Object>> real = decided(proposed, calls);

      Simulation simulation =
          new Simulation(proposed.risk(), proposed.policies(), proposed.conditionLimits());
      for (int i = 0; i < calls.size(); i++) {
        Optional<Changed> changed = simulation.judge(recorded.get(i));
        Object verdict = recorded.get(i).get("verdict");
        Object by = real.get(i).get("rule");
        assertThat(changed.<Object>map(Changed::would).orElse(verdict))
            .as("round %d, call %d", round, i)
            .isEqualTo(real.get(i).get("verdict"));
        changed.ifPresent(one -> assertThat(one.wouldBy()).isEqualTo(by));
      }
    }
  }

  private List<Map<String, Object>> decided(GovernanceRules rules, List<GovernedCall> calls) {
    MemoryAuditLog log = new MemoryAuditLog();
    try (Governance governance = under(rules, log)) {
      calls.forEach(call -> governance.gate().admit(call));
    }
    return log.rows("intent");
  }

  private static GovernanceRules anyRules(Random random) {
    int review = 10 + random.nextInt(60);
    RiskTables tables = RiskTables.DEFAULT;
    RiskTables moved =
        new RiskTables(
            tables.operation(),
            tables.connectorClass(),
            random.nextInt(26),
            tables.session(),
            tables.target(),
            review,
            review + random.nextInt(100 - review));
    Effect ofAnn = new Effect.ApprovalRequired(List.of("user:ann"), Duration.ofHours(1));
    Effect ofBob =
        new Effect.ApprovalRequired(List.of("user:bob", "user:cid"), Duration.ofHours(1));
    List<PolicyRule> policies = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      policies.add(
          rule(
              "p" + i,
              any(random, List.of("*", "tickets.*", "*.close", "crm.get")),
              any(random, List.of(DENY, ASK, SLOW, new Effect.Allow(), ofAnn, ofBob))));
    }
    return new GovernanceRules(moved, policies);
  }

  private static GovernedCall anyCall(Random random) {
    return Calls.tool(
        random.nextBoolean() ? Calls.TRIAGE : OTHER,
        "s",
        random.nextBoolean() ? "tickets" : "crm",
        random.nextBoolean() ? "get" : "close",
        any(random, List.copyOf(EnumSet.allOf(OperationType.class))),
        any(random, List.of("financial", "internal", "elsewhere")),
        any(random, List.copyOf(EnumSet.allOf(TargetTier.class))),
        Map.of("n", random.nextInt()));
  }

  private static <T> T any(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  @Test
  void eachKindOfChangeIsNamedWithTheRuleThatMakesIt() {
    made(
        rules(rule("shut", "crm.*", DENY)),
        Calls.closing(Calls.TRIAGE, "T-1"),
        Calls.closing(OTHER, "T-2"),
        crm("get"),
        crm("close"));
    GovernanceRules proposed =
        rules(rule("slow", "tickets.*", SLOW), rule("ask", "crm.close", ASK));
    Simulation simulation = simulation(proposed);

    assertThat(simulated(simulation))
        .extracting(Changed::change, Changed::was, Changed::wasBy, Changed::would, Changed::wouldBy)
        .containsExactly(
            tuple(Change.SLOWED, "allow", "default", "throttle", "policy:slow"),
            tuple(Change.SLOWED, "allow", "default", "throttle", "policy:slow"),
            tuple(Change.LET_THROUGH, "deny", "policy:shut", "allow", "default"),
            tuple(Change.QUEUED, "deny", "policy:shut", "approval_required", "policy:ask"));
    assertThat(simulation.all().calls()).isEqualTo(4);
    assertThat(simulation.all().of(Change.SLOWED)).isEqualTo(2);
    assertThat(simulation.byAgent().getOrDefault("other", Tally.NONE).of(Change.SLOWED)).isOne();
    assertThat(simulation.byAgent().getOrDefault("other", Tally.NONE).calls()).isOne();
    assertThat(simulation.byRule().keySet())
        .containsExactly("policy:ask", "policy:shut", "policy:slow");
  }

  private static GovernedCall crm(String operation) {
    return Calls.tool(
        Calls.TRIAGE,
        "s",
        "crm",
        operation,
        OperationType.READ,
        "internal",
        TargetTier.DEV,
        Map.of());
  }

  @Test
  void lowerThresholdsQueueAndBlock() {
    made(rules(), Calls.tool(OperationType.WRITE, "internal", TargetTier.PROD)); // 10 + 12 + 20
    RiskTables tables = RiskTables.DEFAULT;

    assertThat(simulated(withThresholds(tables, 42, 43)))
        .extracting(Changed::change, Changed::wouldBy)
        .containsExactly(tuple(Change.QUEUED, "risk.review"));
    assertThat(simulated(withThresholds(tables, 41, 42)))
        .extracting(Changed::change, Changed::wouldBy)
        .containsExactly(tuple(Change.BLOCKED, "risk.deny"));
    assertThat(simulated(withThresholds(tables, 43, 43))).isEmpty();
  }

  private static GovernanceRules withThresholds(RiskTables tables, int review, int deny) {
    return new GovernanceRules(
        new RiskTables(
            tables.operation(),
            tables.connectorClass(),
            tables.otherConnectorClass(),
            tables.session(),
            tables.target(),
            review,
            deny),
        List.of());
  }

  @Test
  void callThatSomebodyApprovedIsOneThatNeededApproval() throws Exception {
    GovernanceRules asking = rules(rule("ask", "tickets.*", ASK));
    try (Governance governance = under(asking, audit)) {
      ApprovalRequest asked =
          ((Pending) governance.gate().admit(Calls.closing(Calls.TRIAGE, "T-1"))).request();
      governance
          .approvals()
          .vote(asked.id(), new Vote("ann", true, ""))
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
      var _ = governance.gate().admit(Calls.closing(Calls.TRIAGE, "T-1"));
    }
    assertThat(audit.rows("intent"))
        .extracting(row -> row.get("verdict"))
        .containsExactly("approval_required", "allow");

    assertThat(simulated(asking)).isEmpty();
    assertThat(simulated(rules(rule("ask", "crm.*", ASK))))
        .extracting(Changed::change, Changed::was, Changed::wasBy)
        .containsOnly(tuple(Change.LET_THROUGH, "approval_required", "policy:ask"))
        .hasSize(2);
  }

  @Test
  void conditionOnRecordHoldsWhereItHeld() {
    String closesOne = "payload.ticket == 'T-1'";
    made(
        rules(rule("one", "tickets.*", closesOne, SLOW)),
        Calls.closing(Calls.TRIAGE, "T-1"),
        Calls.closing(Calls.TRIAGE, "T-2"));

    assertThat(simulated(rules(rule("one", "tickets.*", closesOne, DENY))))
        .extracting(Changed::change, Changed::wouldBy)
        .containsExactly(tuple(Change.BLOCKED, "policy:one"));
  }

  @Test
  void conditionThatFailedDeniesAgain() {
    String fails = "payload.tickets.size() > 1";
    made(rules(rule("many", "tickets.*", fails, SLOW)), Calls.closing(Calls.TRIAGE, "T-1"));
    assertThat(audit.rows("intent").getFirst()).containsEntry("verdict", "deny");

    assertThat(simulated(rules(rule("many", "tickets.*", fails, ASK)))).isEmpty();
  }

  @Test
  void conditionThatNothingTellsOfIsUndecidedWhereItCouldDecide() {
    made(rules(rule("shut", "crm.*", DENY)), Calls.closing(Calls.TRIAGE, "T-1"), crm("get"));
    Simulation simulation =
        simulation(
            rules(rule("shut", "crm.*", DENY), rule("new", "*", "payload.ticket == 'T-1'", DENY)));

    assertThat(simulated(simulation)).isEmpty();
    assertThat(simulation.all().undecided()).as("crm.get is denied anyway").isOne();
    assertThat(simulation.byRule().getOrDefault("policy:new", Tally.NONE).undecided()).isOne();
  }

  @Test
  void newConditionIsEvaluatedByTheArgumentsWhereTheyWereKept() {
    made(rules(), Calls.closing(Calls.TRIAGE, "T-1"), Calls.closing(Calls.TRIAGE, "T-2"));
    Simulation simulation =
        simulation(rules(rule("one", "tickets.*", "payload.ticket == 'T-1'", DENY)));
    List<Map<String, Object>> rows = audit.rows("intent");

    assertThat(simulation.judge(rows.get(0), () -> Optional.of(Map.of("ticket", "T-1"))))
        .map(Changed::change)
        .contains(Change.BLOCKED);
    assertThat(simulation.judge(rows.get(1), () -> Optional.of(Map.of("ticket", "T-2")))).isEmpty();
    assertThat(simulation.all().undecided()).isZero();
  }

  @Test
  void conditionOnTheScoreIsEvaluatedByTheProposedTables() {
    made(rules(), Calls.tool(OperationType.WRITE, "internal", TargetTier.PROD)); // 10 + 12 + 20
    PolicyRule high = rule("high", "*", "risk.total > 42", DENY);
    RiskTables tables = RiskTables.DEFAULT;
    RiskTables dearer =
        new RiskTables(
            tables.operation(),
            Map.of("internal", 13),
            tables.otherConnectorClass(),
            tables.session(),
            tables.target(),
            tables.reviewThreshold(),
            tables.denyThreshold());

    assertThat(simulated(rules(high))).isEmpty();
    assertThat(simulated(new GovernanceRules(dearer, List.of(high))))
        .extracting(Changed::wouldBy)
        .containsExactly("policy:high");
  }

  @Test
  void whatIsNoMatterOfPoliciesStays() {
    made(rules(), Calls.closing(new AgentId("nobody"), "T-1"));
    assertThat(audit.rows("intent").getFirst()).containsEntry("verdict", "deny");

    assertThat(simulated(rules(rule("open", "*", new Effect.Allow())))).isEmpty();
  }

  @Test
  void twoPoliciesOfOneNameAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> simulation(rules(rule("a", "x.*", DENY), rule("a", "y.*", DENY))))
        .withMessageContaining("'a'");
  }
}
