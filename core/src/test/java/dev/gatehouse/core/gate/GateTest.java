package dev.gatehouse.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.Scene;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GateTest {

  private static final ToolEvidence EVIDENCE =
      new ToolEvidence(Duration.ofMillis(3), false, 0, Optional.empty());

  private static final Reason UNFIT = new Reason("arguments.test", "they do not fit");

  private final Scene scene = new Scene();
  private final StubApprovals approvals = new StubApprovals();
  private final RecordingLog audit = new RecordingLog();
  private final Gate gate = new Gate(_ -> scene.situation(), Scene.decider(), approvals, audit);

  @Test
  void aPermitIsGrantedWithItsIntentOnRecord() {
    GovernedCall call = Scene.toolCall(OperationType.READ);
    Granted granted = (Granted) gate.admit(call);
    assertThat(granted.grant().call()).isSameAs(call);
    assertThat(granted.grant().risk().total()).isEqualTo(15);
    assertThat(audit.rows).hasSize(1);
    assertThat(audit.rows.getFirst()).containsEntry("verdict", "allow");
  }

  @Test
  void aDemandForApprovalIsPendingWithIntentAndQuestion() {
    scene.demanding(Scene.ask("policy:p"));
    Pending pending = (Pending) gate.admit(Scene.toolCall(OperationType.WRITE));
    assertThat(approvals.opened).containsExactly(pending.request());
    assertThat(pending.intent().callId()).isEqualTo(pending.request().callId());
    assertThat(audit.rows.getFirst()).containsEntry("verdict", "approval_required");
  }

  @Test
  void theQuestionIsAskedOnlyOnceTheIntentIsInTheLog() {
    scene.demanding(Scene.ask("policy:p"));
    approvals.beforeOpen = () -> assertThat(audit.rows).hasSize(1);
    assertThat(gate.admit(Scene.toolCall(OperationType.WRITE))).isInstanceOf(Pending.class);
  }

  @Test
  void throttleAndDenialAreRefusedWithTheirIntent() {
    scene.demanding(Scene.throttle("policy:slow"));
    Refused throttled = (Refused) gate.admit(Scene.toolCall(OperationType.READ));
    assertThat(throttled.decision()).isInstanceOf(Decision.Throttle.class);
    assertThat(throttled.intent()).isPresent();
    scene.demanding(Scene.deny("policy:never"));
    Refused denied = (Refused) gate.admit(Scene.toolCall(OperationType.READ));
    assertThat(denied.decision()).isInstanceOf(Decision.Deny.class);
    assertThat(denied.intent()).isPresent();
    assertThat(audit.rows)
        .extracting(row -> row.get("verdict"))
        .containsExactly("throttle", "deny");
  }

  /** Counts what was taken of it, and has room or not. */
  private static final class Store implements Allowance {

    private Optional<Decision> against = Optional.empty();
    private int taken;
    private int givenBack;

    @Override
    public Optional<Decision> take(Situation situation) {
      taken++;
      return against;
    }

    @Override
    public void giveBack() {
      givenBack++;
    }
  }

  @Test
  void whatACallUsesUpIsTakenOnceItIsPermittedAndKept() {
    Store store = new Store();
    assertThat(gate.admit(Scene.toolCall(OperationType.READ), Optional::empty, store))
        .isInstanceOf(Granted.class);
    assertThat(store.taken).isEqualTo(1);
    assertThat(store.givenBack).isZero();
  }

  @Test
  void whatIsUsedUpThrottlesOnRecordAndUsesUpNoApproval() {
    GovernedCall call = Scene.toolCall(OperationType.READ);
    Store store = new Store();
    store.against = Optional.of(Scene.throttle("llm.limits.l"));
    Refused refused = (Refused) gate.admit(call, Optional::empty, store);
    assertThat(refused.decision()).isInstanceOf(Decision.Throttle.class);
    assertThat(audit.rows.getFirst())
        .containsEntry("verdict", "throttle")
        .containsEntry("rule", "llm.limits.l");
  }

  @Test
  void nothingIsTakenForACallThatIsNotPermitted() {
    Store store = new Store();
    scene.demanding(Scene.deny("policy:never"));
    assertThat(gate.admit(Scene.toolCall(OperationType.READ), Optional::empty, store))
        .isInstanceOf(Refused.class);
    scene.demanding(Scene.ask("policy:p"));
    assertThat(gate.admit(Scene.toolCall(OperationType.WRITE), Optional::empty, store))
        .isInstanceOf(Pending.class);
    assertThat(store.taken).isZero();
  }

  @Test
  void whatWasTakenIsGivenBackWhenTheIntentCannotBeRecorded() {
    Store store = new Store();
    Gate unrecorded =
        new Gate(
            _ -> scene.situation(),
            Scene.decider(),
            approvals,
            _ -> {
              throw new AuditUnavailableException("full");
            });
    assertThat(unrecorded.admit(Scene.toolCall(OperationType.READ), Optional::empty, store))
        .isInstanceOf(Refused.class);
    assertThat(store.taken).isEqualTo(1);
    assertThat(store.givenBack).isEqualTo(1);
  }

  @Test
  void aStoreThatFailsRefuses() {
    Allowance broken =
        new Allowance() {
          @Override
          public Optional<Decision> take(Situation situation) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void giveBack() {
            throw new IllegalStateException("broken");
          }
        };
    Refused refused =
        (Refused) gate.admit(Scene.toolCall(OperationType.READ), Optional::empty, broken);
    assertThat(refused.decision().reason().rule()).isEqualTo("gate.failed");
  }

  @Test
  void whatTheEndpointObjectsToIsDeniedOnRecordAndUsesUpNoApproval() {
    GovernedCall call = Scene.toolCall(OperationType.WRITE);
    scene.demanding(Scene.ask("policy:p")).approved(call);

    Refused refused = (Refused) gate.admit(call, () -> Optional.of(UNFIT));

    assertThat(refused.decision()).isEqualTo(new Decision.Deny(UNFIT));
    assertThat(refused.intent()).isPresent();
    assertThat(approvals.consumedBy).isEmpty();
    assertThat(audit.rows.getFirst())
        .containsEntry("type", "intent")
        .containsEntry("verdict", "deny")
        .containsEntry("rule", "arguments.test")
        .doesNotContainKey("approval");
    assertThat(gate.admit(call, Optional::empty)).isInstanceOf(Granted.class);
  }

  @Test
  void nobodyIsAskedAboutWhatTheEndpointObjectsTo() {
    scene.demanding(Scene.ask("policy:p"));
    assertThat(gate.admit(Scene.toolCall(OperationType.WRITE), () -> Optional.of(UNFIT)))
        .isInstanceOf(Refused.class);
    assertThat(approvals.opened).isEmpty();
  }

  @Test
  void theEndpointIsNotAskedAboutACallThatIsRefusedAnyway() {
    scene.demanding(Scene.throttle("policy:slow"));
    Refused refused =
        (Refused)
            gate.admit(
                Scene.toolCall(OperationType.READ),
                () -> {
                  throw new AssertionError("was asked");
                });
    assertThat(refused.decision().reason().rule()).isEqualTo("policy:slow");
  }

  @Test
  void anObjectionThatThrowsRefuses() {
    Refused refused =
        (Refused)
            gate.admit(
                Scene.toolCall(OperationType.READ),
                () -> {
                  throw new StackOverflowError();
                });
    assertThat(refused.decision().reason().rule()).isEqualTo("gate.failed");
    assertThat(refused.intent()).isPresent();
  }

  @Test
  void anApprovalIsUsedUpByTheCallThatItOpens() {
    GovernedCall call = Scene.toolCall(OperationType.WRITE);
    scene.demanding(Scene.ask("policy:p")).approved(call);
    assertThat(gate.admit(call)).isInstanceOf(Granted.class);
    assertThat(approvals.consumedBy).containsExactly(call.id());
    assertThat(audit.rows.getFirst())
        .containsEntry("approval", "apr_1")
        .containsEntry("rule", "approval:apr_1");
  }

  @Test
  void anApprovalThatTheCallDoesNotNeedIsNotUsedUp() {
    GovernedCall call = Scene.toolCall(OperationType.WRITE);
    scene.approved(call);
    assertThat(gate.admit(call)).isInstanceOf(Granted.class);
    assertThat(approvals.consumedBy).isEmpty();
    assertThat(audit.rows.getFirst()).doesNotContainKey("approval");
  }

  @Test
  void aPolicyCannotForgeTheUseOfAnApproval() {
    scene.demanding(Scene.permit("approval:apr_forged"));
    assertThat(gate.admit(Scene.toolCall(OperationType.WRITE))).isInstanceOf(Granted.class);
    assertThat(approvals.consumedBy).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(OperationType.class)
  void onlyReadsAreDispatchedBeforeTheirIntentIsDurable(OperationType type) {
    CompletableFuture<AuditReceipt> durable = new CompletableFuture<>();
    audit.receipt = durable;
    ExecutionGrant grant = ((Granted) gate.admit(Scene.toolCall(type))).grant();
    assertThat(grant.barrier().toCompletableFuture().isDone())
        .isEqualTo(type == OperationType.READ);
    assertThat(grant.durable().toCompletableFuture()).isNotDone();
    durable.complete(new AuditReceipt("s", 1, "0"));
    assertThat(grant.barrier().toCompletableFuture()).isCompleted();
    assertThat(grant.durable().toCompletableFuture()).isCompleted();
  }

  @Test
  void aWriteWhoseIntentDoesNotBecomeDurableNeverPassesItsBarrier() {
    CompletableFuture<AuditReceipt> durable = new CompletableFuture<>();
    audit.receipt = durable;
    ExecutionGrant grant = ((Granted) gate.admit(Scene.toolCall(OperationType.WRITE))).grant();
    durable.completeExceptionally(new AuditUnavailableException("disk full"));
    assertThat(grant.barrier().toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void settlingRecordsTheOutcome() {
    ExecutionGrant grant = ((Granted) gate.admit(Scene.toolCall(OperationType.READ))).grant();
    assertThat(gate.settle(grant, new Outcome.Completed(EVIDENCE)).toCompletableFuture())
        .isCompleted();
    assertThat(audit.rows.getLast())
        .containsEntry("type", "outcome")
        .containsEntry("outcome", "completed")
        .containsEntry("call_id", grant.call().id().value());
  }

  @Test
  void settlingFailsAsAStageWhenTheLogTakesNoRows() {
    ExecutionGrant grant = ((Granted) gate.admit(Scene.toolCall(OperationType.READ))).grant();
    audit.beforeAppend =
        () -> {
          throw new AuditUnavailableException("disk full");
        };
    assertThat(gate.settle(grant, new Outcome.Completed(EVIDENCE)).toCompletableFuture())
        .isCompletedExceptionally();
  }

  @Test
  void anOutcomeThatNoRowCanHoldIsRecordedInShort() {
    ExecutionGrant grant = ((Granted) gate.admit(Scene.modelCall("claude"))).grant();
    assertThat(
            gate.settle(grant, new Outcome.Failed("kind", "lone \ud800 surrogate", EVIDENCE))
                .toCompletableFuture())
        .isCompleted();
    assertThat(audit.rows.getLast())
        .containsEntry("type", "outcome")
        .containsEntry("outcome", "failed")
        .containsEntry("call_id", grant.call().id().value())
        .containsEntry("latency_us", 3_000L);
  }

  @Test
  void aReplayIsRecordedAndUsesUpNoApproval() {
    GovernedCall call = Scene.toolCall(OperationType.WRITE);
    GovernedCall original = Scene.toolCall(OperationType.WRITE);
    scene.demanding(Scene.ask("policy:p")).approved(call);
    assertThat(gate.replay(call, original.id())).isInstanceOf(Replay.Allowed.class);
    assertThat(approvals.consumedBy).isEmpty();
    assertThat(audit.rows.getFirst())
        .containsEntry("type", "intent")
        .containsEntry("verdict", "replay")
        .containsEntry("replays", original.id().value())
        .doesNotContainKey("approval");
  }

  @Test
  void aUseOfAGrantNamesItWithItsScopeAndItsEnd() {
    Grant grant = Scene.grant(Scene.writes(), Scene.NOW.plusMillis(1));
    scene.demanding(Scene.ask("policy:p")).grants = List.of(grant);
    assertThat(gate.admit(Scene.toolCall(OperationType.WRITE))).isInstanceOf(Granted.class);
    assertThat(audit.rows.getFirst())
        .containsEntry("verdict", "allow")
        .containsEntry("rule", "grant:grn_1")
        .containsEntry(
            "grant",
            Map.of(
                "id",
                "grn_1",
                "scope_digest",
                Scene.writes().digest().hex(),
                "expires_at_ms",
                Scene.NOW.plusMillis(1).toEpochMilli()))
        .doesNotContainKey("approval");
  }

  @Test
  void aReplayUsesNoGrant() {
    scene.demanding(Scene.ask("policy:p")).grants =
        List.of(Scene.grant(Scene.writes(), Scene.NOW.plusMillis(1)));
    GovernedCall call = Scene.toolCall(OperationType.WRITE);
    assertThat(gate.replay(call, call.id())).isInstanceOf(Replay.Allowed.class);
    assertThat(audit.rows.getFirst()).doesNotContainKey("grant");
  }

  @Test
  void aReplayIsDeclinedWhereTheCallWouldBeDenied() {
    scene.demanding(Scene.deny("policy:never"));
    GovernedCall call = Scene.toolCall(OperationType.READ);
    assertThat(gate.replay(call, call.id())).isInstanceOf(Replay.Declined.class);
    assertThat(audit.rows.getFirst()).containsEntry("verdict", "deny");
  }

  @Test
  void aReplayThatCannotBeRecordedIsDeclined() {
    audit.beforeAppend =
        () -> {
          throw new AuditUnavailableException("disk full");
        };
    GovernedCall call = Scene.toolCall(OperationType.READ);
    assertThat(gate.replay(call, call.id())).isInstanceOf(Replay.Declined.class);
  }

  @Test
  void aModelCallIsDispatchedAtOnce() {
    audit.receipt = new CompletableFuture<>();
    ModelCall call = Scene.modelCall("claude");
    ExecutionGrant grant = ((Granted) gate.admit(call)).grant();
    assertThat(grant.barrier().toCompletableFuture()).isCompleted();
  }
}
