package dev.gatehouse.policy.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalVoidException;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.approval.Approvals.VoteResult.Settled;
import dev.gatehouse.core.approval.StateReader;
import dev.gatehouse.core.approval.TargetState;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.LiveSituations;
import dev.gatehouse.policy.activity.ActivityLimits;
import dev.gatehouse.policy.activity.RecentActivity;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.stop.LiveKillSwitch;
import dev.gatehouse.policy.stop.StopKeeper;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Ways around a person's yes, each tried and refused. */
final class AttacksTest extends ApprovalsScene {

  @Test
  void theSameApprovalUsedTwice() {
    approve(ask("T-1"));

    assertThat(admit("T-1")).isInstanceOf(Granted.class);
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
  }

  @Test
  void theSameApprovalUsedByManyAtOnce() throws Exception {
    approve(ask("T-1"));

    List<Admission> all = race(16, _ -> admit("T-1"));
    assertThat(all).filteredOn(Granted.class::isInstance).hasSize(1);
  }

  @Test
  void anArgumentChangedAfterTheApproval() {
    approve(gateAsks(Map.of("ticket", "T-1", "note", "harmless")));

    assertThat(gate().admit(closing(Map.of("ticket", "T-1", "note", "harmful"))))
        .isInstanceOf(Pending.class);
    assertThat(gate().admit(closing(Map.of("ticket", "T-1", "note", "harmless", "force", true))))
        .isInstanceOf(Pending.class);
  }

  @Test
  void otherOrderOfTheSameArgumentsIsTheSameCallAndNoSecondOne() {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("ticket", "T-1");
    one.put("note", "x");
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("note", "x");
    other.put("ticket", "T-1");
    ApprovalRequest asked = gateAsks(one);
    assertThat(gateAsks(other).id()).isEqualTo(asked.id());
    approve(asked);

    assertThat(gate().admit(closing(other))).isInstanceOf(Granted.class);
    assertThat(gate().admit(closing(one))).isInstanceOf(Pending.class);
  }

  @Test
  void aTargetHiddenInANestedArgument() {
    approve(gateAsks(Map.of("ticket", "T-1", "options", Map.of("target", "dev"))));

    assertThat(gate().admit(closing(Map.of("ticket", "T-1", "options", Map.of("target", "prod")))))
        .isInstanceOf(Pending.class);
  }

  @Test
  void aTargetWhoseStateChangedAfterTheApproval() {
    AtomicInteger version = new AtomicInteger(1);
    approvals.readStatesBy(new Versions(version));
    approve(ask("T-1"));
    version.incrementAndGet();

    Granted granted = (Granted) admit("T-1");
    assertThatThrownBy(
            () -> granted.grant().barrier().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ApprovalVoidException.class);
  }

  @Test
  void anApprovalUsedAtItsEndAndOneMillisecondBefore() {
    approve(ask("T-1"));
    approve(ask("T-2"));
    clock.advance(HOUR.minus(Duration.ofMillis(1)));
    assertThat(admit("T-1")).isInstanceOf(Granted.class);
    clock.advance(Duration.ofMillis(1));

    assertThat(admit("T-2")).isInstanceOf(Pending.class);
  }

  @Test
  void anApproverWhoIsNotInTheGroupOrInOneOfALikeName() {
    situations = situations(rule(List.of("group:leads")));
    ApprovalRequest asked = ask("T-1");

    for (Set<String> groups :
        List.<Set<String>>of(
            Set.of(), Set.of("Leads"), Set.of("group:leads"), Set.of("l\u0435ads"))) {
      assertThat(rejection(answer(asked, "ann", groups))).contains("[group:leads] only");
    }
    assertThat(rejection(answer(asked, "group:leads", Set.of()))).contains("[group:leads] only");
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
  }

  @Test
  void theOwnerOfTheAgentApprovesWhatItsAgentAsks() {
    ApprovalRequest asked = ask("T-1");

    assertThat(rejection(vote(asked, " " + asked.review().owner() + " ", true, "")))
        .contains("does not approve its calls");
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
  }

  @Test
  void twoApproversRace() throws Exception {
    ApprovalRequest asked = ask("T-1");
    List<VoteResult> results =
        race(8, number -> vote(asked, "op" + number, number % 2 == 0, "because"));

    assertThat(results).filteredOn(Settled.class::isInstance).hasSize(1);
    assertThat(audit.rows("event"))
        .filteredOn(row -> String.valueOf(row.get("event")).matches("approval.(approved|denied)"))
        .hasSize(1);
  }

  @Test
  void anApprovalThatComesWhileTheAgentIsSuspended() {
    approve(ask("T-1"));
    situations = situationsOf(agent(AgentStatus.SUSPENDED, "*"));

    Refused refused = (Refused) admit("T-1");
    assertThat(refused.decision().reason().rule()).isEqualTo("standing.suspended");
    assertThat(refused.risk().total()).as("before any policy").isEqualTo(100);
    situations = situationsOf(agent(AgentStatus.ACTIVE, "*"));
    assertThat(admit("T-1")).as("and it is not used up thereby").isInstanceOf(Granted.class);
  }

  @Test
  void anAgentApprovedForAToolThatItsManifestHasLostMeanwhile() {
    approve(ask("T-1"));
    situations = situationsOf(agent(AgentStatus.ACTIVE, "other__*"));

    Refused refused = (Refused) admit("T-1");
    assertThat(refused.decision().reason().rule()).isEqualTo("manifest.tool");
  }

  @Test
  void aToolWhoseNameOnlyLooksLikeADeclaredOne() {
    situations = situationsOf(agent(AgentStatus.ACTIVE, "tickets__clos\u0435")); // Cyrillic
    Refused refused = (Refused) admit("T-1");

    assertThat(refused.decision().reason().rule()).isEqualTo("manifest.tool");
  }

  /** Each alone needs nobody; sessions of their own do not make each of them the first. */
  @Test
  void oneCallSplitIntoManySmallOnes() {
    situations = situationsOf(agent(AgentStatus.ACTIVE, "*"));
    int sharesCounted = ActivityLimits.DEFAULT.sessionsExpected() * 501;
    for (int i = 1; i < sharesCounted; i++) {
      assertThat(gate().admit(oneRow(i))).as("row %d", i).isInstanceOf(Granted.class);
    }

    Pending asked = (Pending) gate().admit(oneRow(sharesCounted));
    assertThat(asked.request().reason().rule()).isEqualTo("risk.review");
    assertThat(asked.request().risk().session()).isEqualTo(10);
  }

  private static GovernedCall oneRow(int number) {
    return Calls.tool(
        Calls.TRIAGE,
        "session-" + number,
        "crm",
        "export_one",
        OperationType.READ,
        "customer_data",
        TargetTier.PROD,
        Map.of("row", number));
  }

  private ApprovalRequest gateAsks(Map<String, Object> arguments) {
    return ((Pending) gate().admit(closing(arguments))).request();
  }

  private static GovernedCall closing(Map<String, Object> arguments) {
    return Calls.tool(
        Calls.TRIAGE,
        "s",
        "tickets",
        "close",
        OperationType.WRITE,
        "internal",
        TargetTier.DEV,
        arguments);
  }

  private VoteResult answer(ApprovalRequest request, String by, Set<String> groups) {
    return approvals
        .vote(request.id(), new Vote(by, groups, true, ""))
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  private static Agent agent(AgentStatus status, String tools) {
    return new Agent(
        Calls.TRIAGE,
        "owner",
        Map.of(),
        status,
        status == AgentStatus.ACTIVE ? "" : "drifted",
        new Manifest(
            "tests",
            List.of(new Glob(tools)),
            EnumSet.allOf(OperationType.class),
            List.of(),
            OptionalInt.empty()));
  }

  private LiveSituations situationsOf(Agent agent) {
    return new LiveSituations(
        LiveSituations.Snapshot.of(
            new GovernanceRules(RiskTables.DEFAULT, List.of(rule(List.of())))),
        Calls.registry(agent),
        approvals,
        new LiveKillSwitch(audit, clock, StopKeeper.forgetful()),
        new RecentActivity(ActivityLimits.DEFAULT, clock),
        clock);
  }

  /** A target that has a version and nothing else. */
  private record Versions(AtomicInteger version) implements StateReader {
    @Override
    public boolean reads(GovernedCall call) {
      return true;
    }

    @Override
    public CompletionStage<TargetState> read(GovernedCall call) {
      Map<String, Object> value = Map.of("version", version.get());
      return CompletableFuture.completedStage(
          new TargetState.Read(value, Digest.ofJson(value), java.time.Instant.EPOCH));
    }
  }
}
