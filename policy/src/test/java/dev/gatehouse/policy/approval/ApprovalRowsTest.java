package dev.gatehouse.policy.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.approval.Approvals.VoteResult.Settled;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.policy.Calls;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What of approvals is on record, and what holds when it cannot be. */
final class ApprovalRowsTest extends ApprovalsScene {

  @Test
  void theRowsTellTheWholeStory() {
    ToolCall first = Calls.closing(Calls.TRIAGE, "T-1");
    ApprovalRequest asked = ((Pending) gate().admit(first)).request();
    approve(asked);
    ToolCall second = Calls.closing(Calls.TRIAGE, "T-1");
    gate().admit(second);

    assertThat(audit.rows("event"))
        .extracting(row -> row.get("event"))
        .containsExactly("approval.opened", "approval.approved", "approval.used");
    assertThat(audit.rows("event"))
        .allSatisfy(
            row ->
                assertThat(row)
                    .containsEntry("approval", asked.id().value())
                    .containsEntry("agent", "triage")
                    .containsEntry("tool", "tickets__close")
                    .containsEntry("request_digest", first.digest().hex()));
    assertThat(audit.rows("event").getFirst())
        .containsEntry("call_id", first.id().value())
        .containsEntry("rule", "policy:look")
        .containsEntry("policy_digest", situations.inForce().policies().digest().hex());
    assertThat(audit.rows("event").get(1))
        .containsEntry("approver", "ann")
        .containsEntry("reason", "fine");
    assertThat(audit.rows("event").get(2))
        .containsEntry("call_id", second.id().value())
        .containsEntry("asked_by_call_id", first.id().value());
    assertThat(audit.rows("intent").get(1)).containsEntry("approval", asked.id().value());
  }

  @Test
  void anAnswerTakesEffectOnlyWhenItsRowIsDurable() {
    ApprovalRequest asked = ask("T-1");
    audit.hold();
    CompletableFuture<VoteResult> voted =
        approvals.vote(asked.id(), new Vote("ann", true, "")).toCompletableFuture();

    assertThat(voted).isNotDone();
    assertThat(state(asked)).isEqualTo(State.PENDING);
    assertThat(approvals.decided(asked.id()).toCompletableFuture()).isNotDone();
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
    assertThat(rejection(vote(asked, "bob", false, "no"))).contains("is being recorded");

    audit.release();
    assertThat(voted.join()).isInstanceOf(Settled.class);
    assertThat(admit("T-1")).isInstanceOf(Granted.class);
  }

  @Test
  void anAnswerThatCannotBeRecordedIsNone() {
    ApprovalRequest asked = ask("T-1");
    audit.hold();
    CompletableFuture<VoteResult> voted =
        approvals.vote(asked.id(), new Vote("ann", true, "")).toCompletableFuture();
    audit.fail();
    audit.release();
    assertThat(rejection(voted.join())).contains("could not be recorded");
    assertThat(state(asked)).isEqualTo(State.PENDING);
    assertThat(rejection(vote(asked, "ann", true, ""))).contains("could not be recorded");
    assertThat(approvals.release(asked.binding(), clock.instant())).isEmpty();
  }

  @Test
  void anAnswerThatBecomesDurableTooLateIsNone() {
    ApprovalRequest asked = ask("T-1");
    audit.hold();
    CompletableFuture<VoteResult> voted =
        approvals.vote(asked.id(), new Vote("ann", true, "")).toCompletableFuture();
    clock.advance(HOUR);
    audit.release();
    assertThat(rejection(voted.join())).contains("expired while");
    assertThat(state(asked)).isEqualTo(State.EXPIRED);
    assertThat(approvals.release(asked.binding(), clock.instant())).isEmpty();
  }

  @Test
  void aQuestionThatCannotBeRecordedIsNotOpen() {
    audit.hold();
    ApprovalRequest asked = ask("T-1");
    CompletableFuture<ApprovalRequest> decided =
        approvals.decided(asked.id()).toCompletableFuture();
    audit.fail();
    audit.release();
    assertThat(decided.join().state()).isEqualTo(State.EXPIRED);
    assertThat(approvals.pending()).isEmpty();
    assertThat(admit("T-2"))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.decision().reason().rule()).isEqualTo("audit.unavailable"));
    assertThat(approvals.pending()).isEmpty();
  }

  @Test
  void anApprovalWhoseUseCannotBeRecordedGrantsNothingAndIsUsedUp() {
    ApprovalRequest asked = ask("T-1");
    approve(asked);
    audit.fail();
    assertThat(admit("T-1"))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.decision().reason().rule()).isEqualTo("audit.unavailable"));
    assertThat(state(asked)).isEqualTo(State.CONSUMED);
  }
}
