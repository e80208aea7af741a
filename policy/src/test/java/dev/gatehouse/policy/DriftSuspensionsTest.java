package dev.gatehouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.decision.DriftModel.Severity;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.stop.StopScope.OneAgent;
import dev.gatehouse.policy.approval.ApprovalKeeper;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.drift.DriftRules;
import dev.gatehouse.policy.grant.GrantKeeper;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.stop.StopFile;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An agent that does what it is not for is suspended, until an operator lets it go on. */
class DriftSuspensionsTest {

  private static final AgentId OTHER = new AgentId("other");

  @TempDir private Path directory;

  private final MemoryAuditLog audit = new MemoryAuditLog();
  private final ManualClock clock = new ManualClock();
  private Governance governance;

  @BeforeEach
  void start() throws IOException {
    governance = started(rules(Optional.of(Severity.HIGH), Severity.MEDIUM));
  }

  @AfterEach
  void close() {
    governance.close();
  }

  private Governance started(GovernanceRules rules) throws IOException {
    return Governance.start(
        rules,
        GovernanceLimits.DEFAULT,
        Calls.registry(ticketReader(Calls.TRIAGE), ticketReader(OTHER)),
        audit,
        clock,
        ApprovalKeeper.forgetful(),
        StopFile.open(directory.resolve("stops.json")),
        GrantKeeper.forgetful());
  }

  private static GovernanceRules rules(Optional<Severity> undeclared, Severity rate) {
    return new GovernanceRules(
        RiskTables.DEFAULT, List.of(), ConditionLimits.DEFAULT, new DriftRules(undeclared, rate));
  }

  private static Agent ticketReader(AgentId id) {
    return new Agent(
        id,
        "Ann Owner",
        Map.of(),
        AgentStatus.ACTIVE,
        "",
        new Manifest(
            "reads tickets",
            List.of(new Glob("tickets__*")),
            EnumSet.of(OperationType.READ),
            List.of(),
            OptionalInt.of(3)));
  }

  @Test
  void theFirstUndeclaredCallSuspendsTheAgentAndWhatItMayDoIsRefusedWithRisk100() {
    assertThat(admit(read(Calls.TRIAGE))).isInstanceOf(Granted.class);
    assertThat(rule(admit(undeclared(Calls.TRIAGE)))).isEqualTo("manifest.tool");

    Refused refused = (Refused) admit(read(Calls.TRIAGE));
    assertThat(refused.decision().reason().rule()).isEqualTo("standing.suspended");
    assertThat(refused.risk()).isEqualTo(RiskScore.HIGHEST);
    assertThat(refused.decision().reason().message())
        .isEqualTo(
            "agent triage was suspended at 2026-01-01T00:00:00Z: the manifest of triage does not"
                + " declare tool payroll__pay; an operator reactivates it with: gatehouse agent"
                + " reactivate triage");
    assertThat(admit(read(OTHER))).isInstanceOf(Granted.class);
  }

  @Test
  void whatElseDeviatedStandsBesideWhatSuspends() {
    for (int i = 0; i < 3; i++) {
      admit(read(Calls.TRIAGE));
    }
    admit(undeclared(Calls.TRIAGE));

    assertThat(audit.rows("event"))
        .filteredOn(row -> "drift.detected".equals(row.get("event")))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row).containsEntry("rule", "drift.undeclared");
              assertThat(row.get("also"))
                  .isEqualTo(
                      List.of(
                          Map.of(
                              "rule",
                              "drift.calls_per_minute",
                              "severity",
                              "medium",
                              "reason",
                              "call 4 of the last minute; the manifest of triage declares 3 calls"
                                  + " per minute")));
            });
  }

  @Test
  void aSuspensionIsOnRecordWithTheCallThatCausedIt() {
    GovernedCall cause = undeclared(Calls.TRIAGE);
    admit(cause);
    assertThat(audit.rows("event"))
        .anySatisfy(
            row ->
                assertThat(row)
                    .containsEntry("event", "drift.detected")
                    .containsEntry("agent", "triage")
                    .containsEntry("rule", "drift.undeclared")
                    .containsEntry("severity", "high")
                    .containsEntry("call_id", cause.id().value()))
        .anySatisfy(
            row ->
                assertThat(row)
                    .containsEntry("event", "kill_switch.stopped")
                    .containsEntry("operator", "gatehouse:drift"));
  }

  @Test
  void onlyAnOperatorEndsItAndThatIsOnRecord() {
    admit(undeclared(Calls.TRIAGE));
    clock.advance(Duration.ofDays(30));
    assertThat(rule(admit(read(Calls.TRIAGE)))).isEqualTo("standing.suspended");
    assertThat(governance.suspensions().isSuspended(Calls.TRIAGE)).isTrue();

    assertThat(join(governance.suspensions().reactivate(Calls.TRIAGE, "mended", "ann"))).isTrue();

    assertThat(admit(read(Calls.TRIAGE))).isInstanceOf(Granted.class);
    assertThat(audit.rows("event").getLast())
        .containsEntry("event", "kill_switch.lifted")
        .containsEntry("operator", "ann")
        .containsEntry("reason", "mended");
    assertThat(join(governance.suspensions().reactivate(Calls.TRIAGE, "again", "ann"))).isFalse();
  }

  @Test
  void whoIsReactivatedAndDriftsAgainIsSuspendedAgain() {
    admit(undeclared(Calls.TRIAGE));
    join(governance.suspensions().reactivate(Calls.TRIAGE, "mended", "ann"));
    admit(undeclared(Calls.TRIAGE));
    assertThat(rule(admit(read(Calls.TRIAGE)))).isEqualTo("standing.suspended");
  }

  @Test
  void aSuspensionOutlivesTheProcess() throws IOException {
    admit(undeclared(Calls.TRIAGE));
    governance.close();
    governance = started(rules(Optional.empty(), Severity.MEDIUM));
    assertThat(rule(admit(read(Calls.TRIAGE)))).isEqualTo("standing.suspended");
  }

  @Test
  void aSuspensionHoldsThoughItCannotBeRecorded() {
    audit.fail();
    admit(undeclared(Calls.TRIAGE));
    audit.mend();
    assertThat(rule(admit(read(Calls.TRIAGE)))).isEqualTo("standing.suspended");
  }

  @Test
  void reactivatingDoesNotEndWhatAnOperatorStoppedMeanwhile() {
    admit(undeclared(Calls.TRIAGE));
    join(governance.killSwitch().stop(new OneAgent(Calls.TRIAGE), "incident 7", "bob"));
    assertThat(join(governance.suspensions().reactivate(Calls.TRIAGE, "mended", "ann"))).isTrue();
    assertThat(rule(admit(read(Calls.TRIAGE)))).isEqualTo("standing.stopped");
    assertThat(join(governance.suspensions().reactivate(Calls.TRIAGE, "mended", "ann"))).isFalse();
  }

  @Test
  void anUndeclaredOperationTypeIsDriftToo() {
    admit(call(Calls.TRIAGE, "tickets", "close", OperationType.WRITE));
    assertThat(rule(admit(read(Calls.TRIAGE)))).isEqualTo("standing.suspended");
  }

  @ParameterizedTest
  @EnumSource(Severity.class)
  void howGraveItIsDecidesWhetherTheAgentIsSuspended(Severity severity) {
    governance.replace(rules(Optional.of(severity), Severity.MEDIUM));
    assertThat(rule(admit(undeclared(Calls.TRIAGE)))).isEqualTo("manifest.tool");
    assertThat(governance.suspensions().isSuspended(Calls.TRIAGE))
        .isEqualTo(severity == Severity.HIGH || severity == Severity.CRITICAL);
  }

  @Test
  void withoutARuleForItAnUndeclaredCallIsOnlyDenied() {
    governance.replace(rules(Optional.empty(), Severity.MEDIUM));
    assertThat(rule(admit(undeclared(Calls.TRIAGE)))).isEqualTo("manifest.tool");
    assertThat(admit(read(Calls.TRIAGE))).isInstanceOf(Granted.class);
  }

  @Test
  void theCallAboveTheDeclaredRateSuspendsWhereThatIsGrave() {
    governance.replace(rules(Optional.empty(), Severity.HIGH));
    for (int i = 0; i < 3; i++) {
      assertThat(admit(read(Calls.TRIAGE))).isInstanceOf(Granted.class);
    }
    assertThat(rule(admit(read(Calls.TRIAGE)))).isEqualTo("drift.calls_per_minute");
    assertThat(rule(admit(read(Calls.TRIAGE)))).isEqualTo("standing.suspended");
  }

  @Test
  void aLowDeviationGoesOnAndItsRowNamesIt() {
    governance.replace(rules(Optional.empty(), Severity.LOW));
    for (int i = 0; i < 3; i++) {
      admit(read(Calls.TRIAGE));
    }
    assertThat(alerts()).isEmpty();
    GovernedCall fast = read(Calls.TRIAGE);

    assertThat(admit(fast)).isInstanceOf(Granted.class);

    assertThat(audit.rows("intent").getLast())
        .containsEntry("verdict", "allow")
        .extractingByKey("findings")
        .asString()
        .contains("drift.calls_per_minute");
    assertThat(alerts())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("agent", "triage")
                    .containsEntry("call_id", fast.id().value())
                    .containsEntry("rule", "drift.calls_per_minute")
                    .containsEntry("severity", "low"));
  }

  @Test
  void anAgentsAlertsOfOneRuleAreAMinuteApart() {
    governance.replace(rules(Optional.of(Severity.LOW), Severity.MEDIUM));
    admit(undeclared(Calls.TRIAGE));
    admit(undeclared(OTHER));
    admit(undeclared(OTHER));
    assertThat(alerts()).hasSize(2);

    clock.advance(Duration.ofMinutes(1).minusMillis(1));
    admit(undeclared(Calls.TRIAGE));
    assertThat(alerts()).hasSize(2);
    clock.advance(Duration.ofMillis(1));
    admit(undeclared(Calls.TRIAGE));
    assertThat(alerts()).hasSize(3);
    assertThat(alerts()).extracting(row -> row.get("rule")).containsOnly("drift.undeclared");
  }

  @Test
  void aMediumDeviationIsThrottledAndAlertedUnderItsOwnRule() {
    governance.replace(rules(Optional.of(Severity.LOW), Severity.MEDIUM));
    admit(undeclared(Calls.TRIAGE));
    for (int i = 0; i < 2; i++) {
      admit(read(Calls.TRIAGE));
    }
    assertThat(rule(admit(read(Calls.TRIAGE)))).isEqualTo("drift.calls_per_minute");
    assertThat(alerts())
        .extracting(row -> row.get("rule") + " " + row.get("severity"))
        .containsExactly("drift.undeclared low", "drift.calls_per_minute medium");
  }

  @Test
  void whatIsCriticalIsCalledSoInItsRow() {
    governance.replace(rules(Optional.of(Severity.CRITICAL), Severity.MEDIUM));
    admit(undeclared(Calls.TRIAGE));
    assertThat(events("drift.detected"))
        .singleElement()
        .satisfies(row -> assertThat(row).containsEntry("severity", "critical"));
    assertThat(alerts()).isEmpty();
  }

  private List<Map<String, Object>> alerts() {
    return events("drift.alert");
  }

  private List<Map<String, Object>> events(String event) {
    return audit.rows("event").stream().filter(row -> event.equals(row.get("event"))).toList();
  }

  private Admission admit(GovernedCall call) {
    return governance.gate().admit(call);
  }

  private static GovernedCall read(AgentId agent) {
    return call(agent, "tickets", "get", OperationType.READ);
  }

  private static GovernedCall undeclared(AgentId agent) {
    return call(agent, "payroll", "pay", OperationType.READ);
  }

  private static GovernedCall call(
      AgentId agent, String connector, String operation, OperationType type) {
    return Calls.tool(agent, "s", connector, operation, type, "internal", TargetTier.DEV, Map.of());
  }

  private static String rule(Admission admission) {
    assertThat(admission).isInstanceOf(Refused.class);
    return ((Refused) admission).decision().reason().rule();
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
