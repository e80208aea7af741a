package dev.gatehouse.core.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.Scene;
import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRelease;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.approval.GrantScope;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Decision.Permit;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Decision.Throttle;
import dev.gatehouse.core.decision.DriftModel.Finding;
import dev.gatehouse.core.decision.DriftModel.Severity;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeciderTest {

  private final Scene scene = new Scene();
  private final GovernedCall write = Scene.toolCall(OperationType.WRITE);

  @Test
  void whatNothingForbidsIsPermitted() {
    Ruling ruling = decide();
    assertThat(ruling.decision()).isInstanceOf(Permit.class);
    assertThat(ruling.findings()).isEmpty();
    assertThat(ruling.approval()).isEmpty();
  }

  @Test
  void theStrongestDemandWinsInWhateverOrder() {
    List<Decision> demands =
        new ArrayList<>(
            List.of(Scene.permit("a"), Scene.throttle("b"), Scene.ask("c"), Scene.deny("d")));
    Random random = new Random(7);
    for (int i = 0; i < 24; i++) {
      Collections.shuffle(demands, random);
      assertThat(rule(demands)).isEqualTo("d");
    }
    assertThat(rule(List.of(Scene.permit("a"), Scene.throttle("b"), Scene.ask("c"))))
        .isEqualTo("c");
    assertThat(rule(List.of(Scene.permit("a"), Scene.throttle("b")))).isEqualTo("b");
    assertThat(rule(List.of(Scene.permit("a")))).isEqualTo("default");
  }

  @ParameterizedTest
  @CsvSource({
    "49, allow",
    "50, approval_required",
    "51, approval_required",
    "69, approval_required",
    "70, deny",
    "71, deny"
  })
  void thresholdsBeginAtTheirValue(int total, String verdict) {
    scene.risk = Scene.risk(scoreOf(total));
    assertThat(decide().decision().verdict()).isEqualTo(verdict);
    assertThat(decide().risk().total()).isEqualTo(total);
  }

  @Test
  void aRiskReviewWaitsForTheConfiguredTimeAndAnyOperator() {
    scene.risk = Scene.risk(scoreOf(50));
    RequireApproval ask = (RequireApproval) decide().decision();
    assertThat(ask.timeout()).isEqualTo(Scene.REVIEW_TIMEOUT);
    assertThat(ask.approvers()).isEmpty();
    assertThat(ask.reason())
        .isEqualTo(new Reason("risk.review", "risk 50 reaches the review threshold 50"));
  }

  @ParameterizedTest
  @CsvSource({"READ, read, allow", "WRITE, read, deny", "WRITE, all, allow", "READ, other, deny"})
  void tokenNarrowsWhatItsAgentMayDo(OperationType type, String scope, String verdict) {
    GovernedCall call = Scene.withToken(Scene.toolCall(type), scope);
    assertThat(Scene.decider().decide(call, scene.situation()).decision().verdict())
        .isEqualTo(verdict);
  }

  @Test
  void refusalForLackOfScopeNamesTheNarrowestThatWouldDo() {
    GovernedCall read = Scene.withToken(Scene.toolCall(OperationType.READ));
    assertThat(Scene.decider().decide(read, scene.situation()).decision().reason())
        .isEqualTo(
            new Reason(
                "scope.insufficient",
                "the token does not allow this call; get one with scope read"));
    assertThat(read.principal().scopes().orElseThrow().neededFor(read)).contains("read");
  }

  @Test
  void noScopeOpensWhatTheManifestDoesNotDeclareAndNoPolicyOpensWhatNoScopeAllows() {
    GovernedCall all = Scene.withToken(Scene.toolCall(OperationType.WRITE), "all");
    scene.agent =
        Optional.of(
            Scene.agent(
                AgentStatus.ACTIVE,
                "",
                Scene.manifest("files__*", Set.of(OperationType.WRITE), "*", OptionalInt.empty())));
    assertThat(Scene.decider().decide(all, scene.situation()).decision().reason().rule())
        .isEqualTo("manifest.tool");

    scene.agent = Optional.of(Scene.agent(AgentStatus.ACTIVE, "", Scene.ALL));
    scene.demanding(Scene.permit("open"));
    GovernedCall none = Scene.withToken(Scene.toolCall(OperationType.WRITE));
    assertThat(Scene.decider().decide(none, scene.situation()).decision().reason().rule())
        .isEqualTo("scope.insufficient");
  }

  @Test
  void standingEndsTheMatterWithRisk100BeforeAnyPolicyIsAsked() {
    scene.policies =
        new PolicySet() {
          @Override
          public Digest digest() {
            return Scene.POLICY_DIGEST;
          }

          @Override
          public List<Decision> evaluate(GovernedCall call, Situation situation) {
            throw new AssertionError("asked");
          }
        };
    scene.agent = Optional.of(Scene.agent(AgentStatus.SUSPENDED, "drift of yesterday", Scene.ALL));
    Ruling ruling = decide();
    assertThat(ruling.risk().total()).isEqualTo(100);
    assertThat(ruling.decision())
        .isEqualTo(
            new Deny(
                new Reason("standing.suspended", "agent triage is suspended: drift of yesterday")));
    assertThat(ruling.findings()).hasSize(1);

    scene.agent = Optional.of(Scene.agent(AgentStatus.DECOMMISSIONED, "replaced", Scene.ALL));
    assertThat(decide().decision().reason().rule()).isEqualTo("standing.decommissioned");
    scene.agent = Optional.empty();
    assertThat(decide().decision().reason().rule()).isEqualTo("standing.unknown");
    scene.agent = Optional.of(Scene.agent(AgentStatus.ACTIVE, "", Scene.ALL));
    scene.stopped = Optional.of(new Reason("standing.stopped", "incident"));
    assertThat(decide().decision().reason().rule()).isEqualTo("standing.stopped");
    assertThat(decide().risk()).isEqualTo(RiskScore.HIGHEST);
  }

  @Test
  void neitherApprovalNorGrantLiftsStanding() {
    scene.stopped = Optional.of(new Reason("standing.stopped", "incident"));
    scene.demanding(Scene.ask("p")).approved(write);
    scene.grants = List.of(grant());
    assertThat(decide().decision()).isInstanceOf(Deny.class);
    assertThat(decide().approval()).isEmpty();
  }

  @Test
  void whatTheManifestDoesNotDeclareIsDenied() {
    manifest("crm__*", EnumSet.allOf(OperationType.class), "*");
    assertThat(decide().decision().reason())
        .isEqualTo(
            new Reason(
                "manifest.tool", "the manifest of triage does not declare tool tickets__close"));
    manifest("tickets__*", EnumSet.of(OperationType.READ), "*");
    assertThat(decide().decision().reason().rule()).isEqualTo("manifest.operation");
    manifest("*", EnumSet.allOf(OperationType.class), "gpt-*");
    assertThat(decide().decision()).isInstanceOf(Permit.class);
    assertThat(
            Scene.decider()
                .decide(Scene.modelCall("claude"), scene.situation())
                .decision()
                .reason()
                .rule())
        .isEqualTo("manifest.model");
    assertThat(Scene.decider().decide(Scene.modelCall("gpt-5"), scene.situation()).decision())
        .isInstanceOf(Permit.class);
  }

  @ParameterizedTest
  @EnumSource(Severity.class)
  void driftIsAnsweredByItsSeverity(Severity severity) {
    Reason reason = new Reason("drift.x", "deviates");
    scene.drift = (_, _) -> List.of(new Finding(severity, reason));
    Ruling ruling = decide();
    switch (severity) {
      case LOW -> {
        assertThat(ruling.decision().reason().rule()).isEqualTo("default");
        assertThat(ruling.findings()).containsExactly(new Permit(reason));
      }
      case MEDIUM ->
          assertThat(ruling.decision()).isEqualTo(new Throttle(reason, Scene.THROTTLE_RETRY));
      case HIGH, CRITICAL -> assertThat(ruling.decision()).isEqualTo(new Deny(reason));
    }
  }

  @Test
  void aThrottleSaysWhenTheRateIsFreeButNeverLessThanTheLeast() {
    Reason reason = new Reason("drift.x", "deviates");
    scene.drift = (_, _) -> List.of(new Finding(Severity.MEDIUM, reason, Duration.ofSeconds(40)));
    assertThat(decide().decision()).isEqualTo(new Throttle(reason, Duration.ofSeconds(40)));
    scene.drift = (_, _) -> List.of(new Finding(Severity.MEDIUM, reason, Duration.ofMillis(5)));
    assertThat(decide().decision()).isEqualTo(new Throttle(reason, Scene.THROTTLE_RETRY));
  }

  @Test
  void anApprovalLowersADemandForOneAndNothingElse() {
    scene.demanding(Scene.ask("policy:p")).approved(write);
    assertThat(decide().decision()).isInstanceOf(Permit.class);
    assertThat(decide().approval()).contains(new ApprovalId("apr_1"));
    scene.demanding(Scene.ask("policy:p"), Scene.deny("policy:never"));
    assertThat(decide().decision().reason().rule()).isEqualTo("policy:never");
    assertThat(decide().approval()).isEmpty();
    scene.demanding(Scene.ask("policy:p"), Scene.throttle("policy:slow"));
    assertThat(decide().decision().reason().rule()).isEqualTo("policy:slow");
    assertThat(decide().approval()).isEmpty();
    scene.demanding(Scene.ask("policy:p"));
    scene.risk = Scene.risk(scoreOf(70));
    assertThat(decide().decision().reason().rule()).isEqualTo("risk.deny");
  }

  @Test
  void anApprovalOfAnotherCallPolicyOrTimeLowersNothing() {
    scene.demanding(Scene.ask("policy:p"));
    CallBinding binding = CallBinding.of(write);
    Digest other = Digest.ofJson("other");
    Instant later = Scene.NOW.plusSeconds(1);
    List<ApprovalRelease> useless =
        List.of(
            release(
                CallBinding.of(Scene.toolCall(OperationType.WRITE, Map.of("ticket", "T-2"), "s")),
                Scene.POLICY_DIGEST,
                Scene.RISK_DIGEST,
                later),
            release(
                new CallBinding(
                    new AgentId("other"),
                    binding.connector(),
                    binding.operation(),
                    binding.target(),
                    binding.digest()),
                Scene.POLICY_DIGEST,
                Scene.RISK_DIGEST,
                later),
            release(binding, other, Scene.RISK_DIGEST, later),
            release(binding, Scene.POLICY_DIGEST, other, later),
            release(binding, Scene.POLICY_DIGEST, Scene.RISK_DIGEST, Scene.NOW));
    for (ApprovalRelease release : useless) {
      scene.approval = Optional.of(release);
      assertThat(decide().decision()).isInstanceOf(RequireApproval.class);
      assertThat(decide().approval()).isEmpty();
    }
    scene.approval = Optional.of(release(binding, Scene.POLICY_DIGEST, Scene.RISK_DIGEST, later));
    assertThat(decide().decision()).isInstanceOf(Permit.class);
  }

  @Test
  void anotherSessionOfTheSameCallIsTheSameCall() {
    scene
        .demanding(Scene.ask("policy:p"))
        .approved(Scene.toolCall(OperationType.WRITE, Map.of("ticket", "T-1"), "another"));
    assertThat(decide().decision()).isInstanceOf(Permit.class);
  }

  @Test
  void aGrantOpensItsExactScopeOnly() {
    scene.demanding(Scene.ask("policy:p"));
    Instant later = Scene.NOW.plusMillis(1);
    Set<OperationType> writes = Set.of(OperationType.WRITE);
    Optional<String> any = Optional.empty();
    List<Grant> useful =
        List.of(
            Scene.grant(Scene.writes(), later),
            Scene.grant(
                new GrantScope(
                    Scene.AGENT, "tickets", Optional.of(write.operation()), "helpdesk", writes),
                later));
    for (Grant grant : useful) {
      scene.grants = List.of(grant);
      assertThat(decide().decision().reason().rule()).isEqualTo("grant:grn_1");
      assertThat(decide().grant()).contains(grant);
    }

    List<Grant> useless =
        List.of(
            Scene.grant(scope(new AgentId("other"), "tickets", any, "helpdesk", writes), later),
            Scene.grant(scope(Scene.AGENT, "crm", any, "helpdesk", writes), later),
            Scene.grant(scope(Scene.AGENT, "*", any, "helpdesk", writes), later),
            Scene.grant(scope(Scene.AGENT, "tickets", any, "another", writes), later),
            Scene.grant(scope(Scene.AGENT, "tickets", any, "helpdesk2", writes), later),
            Scene.grant(scope(Scene.AGENT, "tickets", any, "hеlpdesk", writes), later), // Cyrillic
            Scene.grant(scope(Scene.AGENT, "tickets", any, "*", writes), later),
            Scene.grant(
                scope(Scene.AGENT, "tickets", Optional.of("other"), "helpdesk", writes), later),
            Scene.grant(
                scope(Scene.AGENT, "tickets", any, "helpdesk", Set.of(OperationType.READ)), later),
            Scene.grant(Scene.writes(), Scene.NOW));
    for (Grant grant : useless) {
      scene.grants = List.of(grant);
      assertThat(decide().decision()).isInstanceOf(RequireApproval.class);
      assertThat(decide().grant()).isEmpty();
    }
  }

  @Test
  void whatACallMustMeetThatAsksForAGrantIsOneDemandMore() {
    scene.granting = (_, _) -> List.of(Scene.ask("grant.request", "group:leads"));
    assertThat(decide().decision().reason().rule()).isEqualTo("grant.request");
    scene.granting = (_, _) -> List.of(Scene.deny("grant.refused"));
    scene.demanding(Scene.ask("policy:p"));
    assertThat(decide().decision().reason().rule()).isEqualTo("grant.refused");
  }

  @Test
  void aGrantLowersNoDenialAndNoThrottle() {
    scene.grants = List.of(grant());
    scene.demanding(Scene.ask("policy:p"), Scene.deny("policy:never"));
    assertThat(decide().decision().reason().rule()).isEqualTo("policy:never");
    scene.demanding(Scene.ask("policy:p"), Scene.throttle("policy:slow"));
    assertThat(decide().decision().reason().rule()).isEqualTo("policy:slow");
  }

  @Test
  void whereAGrantSufficesTheApprovalIsKept() {
    scene.demanding(Scene.ask("policy:p")).approved(write);
    scene.grants = List.of(grant());
    assertThat(decide().decision().reason().rule()).isEqualTo("grant:grn_1");
    assertThat(decide().approval()).isEmpty();
  }

  @Test
  void severalDemandsForApprovalBecomeTheNarrowestQuestion() {
    scene.risk = Scene.risk(scoreOf(55)); // any operator, half an hour
    scene.demanding(Scene.ask("policy:p", "group:leads", "user:ann"));
    RequireApproval ask = (RequireApproval) decide().decision();
    assertThat(ask.approvers()).containsExactly("group:leads", "user:ann");
    assertThat(ask.timeout()).isEqualTo(Scene.REVIEW_TIMEOUT);
    assertThat(ask.reason().rule()).isEqualTo("policy:p");

    scene.demanding(
        Scene.ask("policy:p", "group:leads", "user:ann"),
        Scene.ask("policy:q", "user:ann", "user:bob"));
    assertThat(((RequireApproval) decide().decision()).approvers()).containsExactly("user:ann");
  }

  @Test
  void demandsThatNobodyCanSatisfyTogetherAreADenial() {
    scene.demanding(Scene.ask("policy:p", "group:a"), Scene.ask("policy:q", "group:b"));
    assertThat(decide().decision().reason())
        .isEqualTo(
            new Reason(
                "approval.conflict",
                "policy:p and policy:q demand approvers of whom none is accepted by both; change"
                    + " one of the rules"));
    scene.approved(write);
    assertThat(decide().decision()).isInstanceOf(Deny.class);
  }

  @Test
  void theSameSituationAlwaysGetsTheSameRuling() {
    scene.demanding(Scene.ask("policy:p")).approved(write);
    assertThat(decide()).isEqualTo(decide());
  }

  @Test
  void riskPartsLieInTheirRanges() {
    assertThat(new RiskScore(40, 25, 15, 20)).isEqualTo(RiskScore.HIGHEST);
    assertThat(RiskScore.HIGHEST.total()).isEqualTo(100);
    assertThatThrownBy(() -> new RiskScore(41, 0, 0, 0))
        .hasMessage("risk part operation lies in 0..40, this is 41");
    assertThatThrownBy(() -> new RiskScore(0, 26, 0, 0)).hasMessageContaining("connector");
    assertThatThrownBy(() -> new RiskScore(0, 0, 16, 0)).hasMessageContaining("session");
    assertThatThrownBy(() -> new RiskScore(0, 0, 0, -1)).hasMessageContaining("target");
  }

  private Ruling decide() {
    return Scene.decider().decide(write, scene.situation());
  }

  private String rule(List<Decision> demands) {
    scene.policies = Scene.policies(demands);
    return decide().decision().reason().rule();
  }

  private void manifest(String tools, Set<OperationType> operations, String models) {
    scene.agent =
        Optional.of(
            Scene.agent(
                AgentStatus.ACTIVE,
                "",
                Scene.manifest(tools, operations, models, OptionalInt.empty())));
  }

  private static RiskScore scoreOf(int total) {
    return new RiskScore(40, Math.min(25, total - 40), 0, Math.max(0, total - 65));
  }

  private static Grant grant() {
    return Scene.grant(Scene.writes(), Scene.NOW.plusSeconds(1));
  }

  private static GrantScope scope(
      AgentId agent,
      String connector,
      Optional<String> operation,
      String target,
      Set<OperationType> operations) {
    return new GrantScope(agent, connector, operation, target, operations);
  }

  private static ApprovalRelease release(
      CallBinding binding, Digest policies, Digest risk, Instant expiresAt) {
    return new ApprovalRelease(new ApprovalId("apr_1"), binding, policies, risk, expiresAt);
  }
}
