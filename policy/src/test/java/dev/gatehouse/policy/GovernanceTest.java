package dev.gatehouse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.stop.StopScope.OneAgent;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.Severity;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The parts together, as the gateway wires them. */
class GovernanceTest {

  private final ManualClock clock = new ManualClock();
  private final MemoryAuditLog audit = new MemoryAuditLog();
  private final Governance governance =
      Governance.start(
          GovernanceRules.DEFAULT,
          GovernanceLimits.DEFAULT,
          Calls.registry(
              Calls.agent(Calls.TRIAGE),
              Calls.agent(new AgentId("slow"), OptionalInt.of(2), Map.of())),
          audit,
          clock);

  @AfterEach
  void close() {
    governance.close();
  }

  @Test
  void ordinaryWorkIsAllowedAndItsRowCarriesEveryInput() {
    assertThat(admit(OperationType.WRITE, "internal", TargetTier.STAGING))
        .isInstanceOf(Granted.class);
    assertThat(audit.rows("intent").getFirst())
        .containsEntry("verdict", "allow")
        .containsEntry("session_actions", 1)
        .containsEntry("policy_digest", governance.policyDigest().hex())
        .containsEntry("risk_digest", governance.riskDigest().hex())
        .containsEntry(
            "risk",
            Map.of(
                "operation", 10,
                "connector", 12,
                "session", 0,
                "target", 8,
                "total", 30,
                "review_threshold", 50,
                "deny_threshold", 70));
  }

  @Test
  void destroyingOnProdIsDeniedAndWritingSensitiveOnProdAsksAPerson() {
    assertThat(rule(admit(OperationType.DESTRUCTIVE, "internal", TargetTier.PROD)))
        .isEqualTo("risk.deny");
    assertThat(admit(OperationType.WRITE, "financial", TargetTier.PROD))
        .isInstanceOfSatisfying(
            Pending.class,
            pending -> {
              assertThat(pending.request().reason().rule()).isEqualTo("risk.review");
              assertThat(Duration.between(clock.instant(), pending.request().expiresAt()))
                  .isEqualTo(GovernanceLimits.DEFAULT.reviewTimeout());
            });
  }

  @Test
  void aReloadHoldsFromTheNextCallOnAndABadOneChangesNothing() {
    Digest before = governance.policyDigest();
    PolicyRule deny =
        new PolicyRule("freeze", new Glob("tickets.*"), new Effect.Deny(), Severity.HIGH);
    governance.replace(new GovernanceRules(RiskTables.DEFAULT, List.of(deny)));
    assertThat(governance.policyDigest()).isNotEqualTo(before);
    assertThat(rule(admit(OperationType.READ, "internal", TargetTier.DEV)))
        .isEqualTo("policy:freeze");

    assertThatThrownBy(
            () -> governance.replace(new GovernanceRules(RiskTables.DEFAULT, List.of(deny, deny))))
        .hasMessage("two policies have the name 'freeze'");
    assertThat(rule(admit(OperationType.READ, "internal", TargetTier.DEV)))
        .isEqualTo("policy:freeze");
  }

  @Test
  void theKillSwitchRefusesTheNextCallWithRisk100() {
    var _ = governance.killSwitch().stop(new OneAgent(Calls.TRIAGE), "incident", "ann");
    assertThat(admit(OperationType.READ, "internal", TargetTier.DEV))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.decision().reason().rule()).isEqualTo("standing.stopped");
              assertThat(refused.risk()).isEqualTo(RiskScore.HIGHEST);
            });
    governance
        .killSwitch()
        .lift(new OneAgent(Calls.TRIAGE), "over", "ann")
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
    assertThat(admit(OperationType.READ, "internal", TargetTier.DEV)).isInstanceOf(Granted.class);
  }

  @Test
  void anAgentAboveItsDeclaredRateIsThrottledAndToldWhenToRetry() {
    AgentId slow = new AgentId("slow");
    assertThat(governance.gate().admit(Calls.inSession(slow, "s"))).isInstanceOf(Granted.class);
    assertThat(governance.gate().admit(Calls.inSession(slow, "s"))).isInstanceOf(Granted.class);
    Refused third = (Refused) governance.gate().admit(Calls.inSession(slow, "s"));
    Decision.Throttle throttle = (Decision.Throttle) third.decision();
    assertThat(throttle.reason().rule()).isEqualTo("drift.calls_per_minute");
    assertThat(throttle.reason().message())
        .isEqualTo("call 3 of the last minute; the manifest of slow declares 2 calls per minute");
    clock.advance(throttle.retryAfter());
    assertThat(governance.gate().admit(Calls.inSession(slow, "s"))).isInstanceOf(Granted.class);
  }

  @Test
  void anUnknownAgentIsRefusedAndNotCounted() {
    assertThat(rule(governance.gate().admit(Calls.inSession(new AgentId("ghost"), "s"))))
        .isEqualTo("standing.unknown");
    assertThat(audit.rows("intent").getFirst()).containsEntry("session_actions", 0);
  }

  @Test
  void silenceDeclinesThoughNobodyLooks() throws Exception {
    Pending pending = (Pending) admit(OperationType.WRITE, "financial", TargetTier.PROD);
    var decided = governance.approvals().decided(pending.request().id()).toCompletableFuture();
    clock.advance(GovernanceLimits.DEFAULT.reviewTimeout());
    ApprovalRequest expired = decided.get(10, TimeUnit.SECONDS);
    assertThat(expired.state()).isEqualTo(State.EXPIRED);
  }

  private Admission admit(OperationType type, String connectorClass, TargetTier tier) {
    GovernedCall call = Calls.tool(type, connectorClass, tier);
    return governance.gate().admit(call);
  }

  private static String rule(Admission admission) {
    assertThat(admission).isInstanceOf(Refused.class);
    return ((Refused) admission).decision().reason().rule();
  }
}
