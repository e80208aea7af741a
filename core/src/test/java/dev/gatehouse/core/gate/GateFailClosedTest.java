package dev.gatehouse.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.Scene;
import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalNotOpenedException;
import dev.gatehouse.core.approval.ApprovalRelease;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.PolicySet;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.RiskModel;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.decision.Situations;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each step of the Gate made to fail: the call is refused, nothing is granted, nobody is asked, and
 * a row says so while the log takes rows.
 */
class GateFailClosedTest {

  private final Scene scene = new Scene();
  private final StubApprovals approvals = new StubApprovals();
  private final RecordingLog audit = new RecordingLog();
  private Situations situations = _ -> scene.situation();
  private final GovernedCall call = Scene.toolCall(OperationType.WRITE);

  static Stream<Throwable> whateverAStepThrows() {
    return Stream.of(
        new IllegalStateException("secret"),
        new IOException("secret"), // checked, thrown where no signature allows it
        new AssertionError("secret"),
        new StackOverflowError(),
        new NoClassDefFoundError("secret"),
        new InternalError("secret"));
  }

  @Test
  void nothingFailsAtFirst() {
    assertThat(admit()).isInstanceOf(Granted.class);
  }

  @ParameterizedTest
  @MethodSource("whateverAStepThrows")
  void situationsFail(Throwable failure) {
    situations = _ -> fail(failure);
    assertRefusedAndRecorded("gate.failed");
    assertThat(audit.rows.getFirst())
        .containsEntry("type", "refusal")
        .containsEntry("tool", "tickets__close");
  }

  @ParameterizedTest
  @MethodSource("whateverAStepThrows")
  void hearingOfTheDecisionFails(Throwable failure) {
    situations =
        new Situations() {
          @Override
          public Situation of(GovernedCall ofCall) {
            return scene.situation();
          }

          @Override
          public void decided(GovernedCall ofCall, Situation situation, Ruling ruling) {
            fail(failure);
          }
        };
    assertRefusedAndRecorded("gate.failed");
  }

  @Test
  void situationsGiveNothing() {
    situations = _ -> nothing();
    assertRefusedAndRecorded("gate.failed");
  }

  @Test
  void standingFails() {
    scene.stopped = nothing();
    assertRefusedAndRecorded("standing.failed");
    assertThat(audit.rows.getFirst()).containsEntry("type", "intent");
  }

  @Test
  void manifestFails() {
    Agent sound = Scene.agent(AgentStatus.ACTIVE, "", Scene.ALL);
    scene.agent =
        Optional.of(
            new Agent(
                sound.id(),
                sound.owner(),
                sound.labels(),
                sound.status(),
                "",
                nothing(),
                Optional.empty(),
                sound.version()));
    assertRefusedAndRecorded("manifest.failed");
  }

  @ParameterizedTest
  @MethodSource("whateverAStepThrows")
  void driftFails(Throwable failure) {
    scene.drift = (_, _) -> fail(failure);
    assertRefusedAndRecorded("drift.failed");
  }

  @Test
  void driftGivesNothing() {
    scene.drift = (_, _) -> nothing();
    assertRefusedAndRecorded("drift.failed");
  }

  @ParameterizedTest
  @MethodSource("whateverAStepThrows")
  void riskFails(Throwable failure) {
    scene.risk = failingRisk(() -> fail(failure), () -> 70);
    Refused refused = assertRefusedAndRecorded("risk.failed");
    assertThat(refused.risk()).isEqualTo(RiskScore.HIGHEST);
  }

  @Test
  void riskGivesNothing() {
    scene.risk = failingRisk(() -> nothing(), () -> 70);
    assertRefusedAndRecorded("risk.failed");
  }

  @Test
  void thresholdsFail() {
    scene.risk = failingRisk(() -> new RiskScore(0, 0, 0, 0), () -> fail(new AssertionError()));
    assertRefusedAndRecorded("gate.failed"); // the intent row names the threshold, too
  }

  @ParameterizedTest
  @MethodSource("whateverAStepThrows")
  void policiesFail(Throwable failure) {
    scene.policies = failingPolicies(() -> fail(failure), () -> Scene.POLICY_DIGEST);
    assertRefusedAndRecorded("policy.failed");
  }

  @Test
  void policiesGiveNothingOrANothingAmongTheirDemands() {
    scene.policies = failingPolicies(() -> nothing(), () -> Scene.POLICY_DIGEST);
    assertRefusedAndRecorded("policy.failed");
    audit.rows.clear();
    scene.policies =
        failingPolicies(
            () -> new ArrayList<>(Arrays.asList(Scene.permit("p"), nothing())),
            () -> Scene.POLICY_DIGEST);
    assertRefusedAndRecorded("policy.failed");
  }

  @Test
  void policyDigestFails() {
    scene.policies = failingPolicies(List::of, () -> fail(new IllegalStateException()));
    assertRefusedAndRecorded("gate.failed");
  }

  @Test
  void approvalFails() {
    scene.demanding(Scene.ask("policy:p"));
    scene.approval =
        Optional.of(
            new ApprovalRelease(
                new ApprovalId("apr_1"),
                CallBinding.of(call),
                Scene.POLICY_DIGEST,
                Scene.RISK_DIGEST,
                nothing()));
    assertRefusedAndRecorded("approval.failed");
    assertThat(approvals.consumedBy).isEmpty();
  }

  @Test
  void grantsFail() {
    scene.demanding(Scene.ask("policy:p"));
    scene.grants = List.of(Scene.grant(Scene.writes(), nothing()));
    assertRefusedAndRecorded("approval.failed");
  }

  @ParameterizedTest
  @MethodSource("whateverAStepThrows")
  void judgingWhoAsksForAGrantFails(Throwable failure) {
    scene.granting = (_, _) -> fail(failure);
    assertRefusedAndRecorded("grant.failed");
  }

  @ParameterizedTest
  @MethodSource("whateverAStepThrows")
  void usingUpTheApprovalFails(Throwable failure) {
    scene.demanding(Scene.ask("policy:p")).approved(call);
    approvals.beforeConsume = () -> fail(failure);
    assertRefusedAndRecorded("gate.failed");
  }

  @Test
  void anApprovalThatWasUsedAlreadyOpensNothing() {
    scene.demanding(Scene.ask("policy:p")).approved(call);
    approvals.consumable = false;
    assertRefusedAndRecorded("approval.used");
    assertThat(audit.rows).hasSize(1);
    assertThat(audit.rows.getFirst()).doesNotContainKey("approval");
  }

  @ParameterizedTest
  @MethodSource("whateverAStepThrows")
  void openingTheQuestionFails(Throwable failure) {
    scene.demanding(Scene.ask("policy:p"));
    approvals.beforeOpen = () -> fail(failure);
    assertRefusedAndRecorded("gate.failed");
    assertThat(audit.rows)
        .extracting(row -> row.get("verdict"))
        .containsExactly("approval_required", "deny");
  }

  @Test
  void aQuestionTooManyIsRefusedByItsLimit() {
    scene.demanding(Scene.ask("policy:p"));
    approvals.beforeOpen =
        () -> {
          throw new ApprovalNotOpenedException(new Reason("approvals.full", "at most 3"));
        };
    Refused refused = assertRefusedAndRecorded("approvals.full");
    assertThat(refused.decision().reason().message()).isEqualTo("at most 3");
    assertThat(refused.risk()).isEqualTo(new RiskScore(10, 5, 0, 0));
  }

  static Stream<Arguments> demandsAndFailures() {
    return Stream.of(Scene.permit("p"), Scene.ask("p"), Scene.throttle("p"), Scene.deny("p"))
        .flatMap(demand -> whateverAStepThrows().map(failure -> Arguments.of(demand, failure)));
  }

  @ParameterizedTest
  @MethodSource("demandsAndFailures")
  void auditFailsWhateverWasDecided(Decision demand, Throwable failure) {
    scene.demanding(demand);
    audit.beforeAppend = () -> fail(failure);
    assertRefusedWithoutRow("gate.failed");
  }

  @ParameterizedTest
  @MethodSource("demandsAndFailures")
  void auditTakesNoRowsWhateverWasDecided(Decision demand, Throwable failure) {
    scene.demanding(demand);
    audit.beforeAppend =
        () -> {
          throw new AuditUnavailableException("disk full", failure);
        };
    Refused refused = assertRefusedWithoutRow("audit.unavailable");
    assertThat(refused.decision().reason().message()).contains("disk full");
  }

  @Test
  void auditGivesNothing() {
    audit.receipt = nothing();
    Admission admission = admit();
    assertThat(admission).isInstanceOf(Refused.class);
    assertThat(((Refused) admission).intent()).isEmpty();
  }

  @Test
  void anApprovedCallThatCannotBeRecordedIsNotGrantedAndItsApprovalIsGone() {
    scene.demanding(Scene.ask("policy:p")).approved(call);
    audit.beforeAppend =
        () -> {
          throw new AuditUnavailableException("disk full");
        };
    assertRefusedWithoutRow("audit.unavailable");
    assertThat(approvals.consumedBy).containsExactly(call.id());
  }

  @Test
  void aCallThatNoRowCanHoldIsRefusedAndAShortRowSaysSo() {
    GovernedCall unrecordable =
        Scene.toolCall(OperationType.READ, Map.of(), "lone \ud800 surrogate");
    Admission admission =
        new Gate(situations, Scene.decider(), approvals, audit).admit(unrecordable);
    assertThat(admission)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.decision().reason().rule()).isEqualTo("gate.failed");
              assertThat(refused.intent()).isPresent();
            });
    assertThat(audit.rows)
        .containsExactly(
            Map.of(
                "v", 1,
                "type", "refusal",
                "call_id", unrecordable.id().value(),
                "agent", "triage",
                "verdict", "deny",
                "rule", "gate.failed",
                "reason", "a check failed (IllegalArgumentException); refused"));
  }

  private Refused assertRefusedAndRecorded(String rule) {
    Refused refused = assertRefused(rule);
    assertThat(refused.intent()).isPresent();
    assertThat(audit.rows.getLast())
        .containsEntry("call_id", call.id().value())
        .containsEntry("agent", "triage")
        .containsEntry("verdict", "deny")
        .containsEntry("rule", rule);
    return refused;
  }

  private Refused assertRefusedWithoutRow(String rule) {
    Refused refused = assertRefused(rule);
    assertThat(refused.intent()).isEmpty();
    assertThat(audit.rows).isEmpty();
    return refused;
  }

  private Refused assertRefused(String rule) {
    Admission admission = admit();
    assertThat(admission).isNotInstanceOf(Granted.class).isNotInstanceOf(Pending.class);
    Refused refused = (Refused) admission;
    assertThat(refused.decision()).isInstanceOf(Decision.Deny.class);
    assertThat(refused.decision().reason().rule()).isEqualTo(rule);
    assertThat(refused.decision().reason().message()).doesNotContain("secret");
    assertThat(approvals.opened).isEmpty();
    return refused;
  }

  private Admission admit() {
    return new Gate(situations, Scene.decider(), approvals, audit).admit(call);
  }

  private interface Part<T> {
    T get();
  }

  private static RiskModel failingRisk(Part<RiskScore> score, Part<Integer> denyThreshold) {
    return new RiskModel() {
      @Override
      public RiskScore score(GovernedCall call, Activity activity) {
        return score.get();
      }

      @Override
      public int reviewThreshold() {
        return 50;
      }

      @Override
      public int denyThreshold() {
        return denyThreshold.get();
      }

      @Override
      public Digest digest() {
        return Scene.RISK_DIGEST;
      }
    };
  }

  private static PolicySet failingPolicies(Part<List<Decision>> demands, Part<Digest> digest) {
    return new PolicySet() {
      @Override
      public Digest digest() {
        return digest.get();
      }

      @Override
      public List<Decision> evaluate(GovernedCall call, Situation situation) {
        return demands.get();
      }
    };
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T, E extends Throwable> T fail(Throwable failure) throws E {
    throw (E) failure;
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }
}
