package dev.gatehouse.policy.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.approval.Approvals.VoteResult.Rejected;
import dev.gatehouse.core.approval.Approvals.VoteResult.Settled;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.LiveSituations;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The ways of a question, from the call that asks it to the call that uses the answer. */
final class LiveApprovalsTest extends ApprovalsScene {

  @Test
  void anApprovedCallIsCarriedOutOnce() {
    ApprovalRequest asked = ask("T-1");
    approve(asked);

    assertThat(admit("T-1")).isInstanceOf(Granted.class);
    assertThat(state(asked)).isEqualTo(State.CONSUMED);
    Admission again = admit("T-1");
    assertThat(again).isInstanceOf(Pending.class);
    assertThat(((Pending) again).request().id()).isNotEqualTo(asked.id());
  }

  @Test
  void anApprovalOpensExactlyItsCall() {
    approve(ask("T-1"));
    assertThat(admit("T-2")).isInstanceOf(Pending.class);
    assertThat(gate().admit(Calls.closing(OTHER, "T-1"))).isInstanceOf(Pending.class);
    ToolCall destructive =
        Calls.tool(
            Calls.TRIAGE,
            "s",
            "tickets",
            "close_all",
            OperationType.WRITE,
            "internal",
            TargetTier.DEV,
            Map.of("ticket", "T-1"));
    assertThat(gate().admit(destructive)).isInstanceOf(Pending.class);
    assertThat(admit("T-1")).isInstanceOf(Granted.class);
  }

  @Test
  void anIdenticalCallAttachesToTheOpenQuestion() {
    ApprovalRequest asked = ask("T-1");
    assertThat(ask("T-1").id()).isEqualTo(asked.id());
    assertThat(approvals.pending()).containsExactly(asked);
  }

  @Test
  void pendingQuestionsAreListedOldestFirst() {
    ApprovalRequest one = ask("T-1");
    ApprovalRequest two = ask("T-2");
    ApprovalRequest three = ask("T-3");
    approve(two);
    assertThat(approvals.pending()).containsExactly(one, three);
  }

  @Test
  void silenceDeclines() {
    ApprovalRequest asked = ask("T-1");
    CompletableFuture<ApprovalRequest> decided =
        approvals.decided(asked.id()).toCompletableFuture();
    clock.advance(HOUR.minusMillis(1));
    approvals.sweep();
    assertThat(decided).isNotDone();
    clock.advance(Duration.ofMillis(1));
    approvals.sweep();

    assertThat(decided.join().state()).isEqualTo(State.EXPIRED);
    assertThat(audit.rows("event").getLast())
        .containsEntry("event", "approval.expired")
        .containsEntry("reason", "nobody answered in time");
    assertThat(rejection(vote(asked, "ann", true, ""))).contains("is expired already");
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
  }

  @Test
  void whoLooksAtAQuestionWhoseTimeIsOverSeesItExpired() {
    ApprovalRequest asked = ask("T-1");
    clock.advance(HOUR);
    assertThat(state(asked)).isEqualTo(State.EXPIRED);
    ApprovalRequest second = ask("T-1");
    assertThat(second.id()).isNotEqualTo(asked.id());
    clock.advance(HOUR);
    assertThat(rejection(vote(second, "ann", true, ""))).contains("is expired already");
    ApprovalRequest third = ask("T-1");
    clock.advance(HOUR);
    assertThat(
            approvals
                .decided(third.id())
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join()
                .state())
        .isEqualTo(State.EXPIRED);
    ask("T-1");
    clock.advance(HOUR);
    assertThat(approvals.pending()).isEmpty();
  }

  @Test
  void anApprovalThatIsNotUsedInTimeIsVoid() {
    ApprovalRequest asked = ask("T-1");
    approve(asked);
    clock.advance(HOUR);
    assertThat(approvals.consume(asked.id(), asked.callId(), clock.instant())).isFalse();
    assertThat(state(asked)).isEqualTo(State.EXPIRED);
    assertThat(audit.rows("event").getLast()).containsEntry("reason", "not used in time");
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
  }

  @Test
  void aDenialNeedsAReasonAndAnswersIdenticalCallsForAWhile() {
    ApprovalRequest asked = ask("T-1");
    assertThat(rejection(vote(asked, "ann", false, " "))).isEqualTo("a denial needs a reason");
    assertThat(state(asked)).isEqualTo(State.PENDING);
    assertThat(vote(asked, "ann", false, "wrong ticket")).isInstanceOf(Settled.class);

    Pending again = (Pending) admit("T-1");
    assertThat(again.request().id()).isEqualTo(asked.id());
    assertThat(again.request().state()).isEqualTo(State.DENIED);
    assertThat(again.request().decisionReason()).isEqualTo("wrong ticket");
    assertThat(approvals.decided(asked.id()).toCompletableFuture()).isCompleted();
    assertThat(approvals.pending()).isEmpty();

    clock.advance(Duration.ofMinutes(1));
    assertThat(((Pending) admit("T-1")).request().id()).isNotEqualTo(asked.id());
  }

  @Test
  void onlyNamedApproversMayAnswer() {
    situations = situations(rule(List.of("group:leads", "user:zoe")));
    ApprovalRequest asked = ask("T-1");
    assertThat(rejection(vote(asked, "ann", true, "")))
        .contains("takes answers of [group:leads, user:zoe] only");
    assertThat(
            approvals
                .vote(asked.id(), new Vote("leads", Set.of("zoe", "user:zoe"), true, ""))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join())
        .isInstanceOf(Rejected.class);
    assertThat(
            approvals
                .vote(asked.id(), new Vote("bob", Set.of("leads"), true, ""))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join())
        .isInstanceOf(Settled.class);
    ApprovalRequest second = ask("T-2");
    assertThat(vote(second, "zoe", true, "")).isInstanceOf(Settled.class);
  }

  @Test
  void overlongReasonsNamelessApproversAndUnknownQuestionsAreRejected() {
    ApprovalRequest asked = ask("T-1");
    assertThat(rejection(vote(asked, "ann", true, "x".repeat(2_001))))
        .isEqualTo("a reason has at most 2000 characters, this has 2001");
    assertThat(rejection(vote(asked, " ", true, ""))).contains("name of who gives it");
    ApprovalId unknown = new ApprovalId("apr_unknown");
    assertThat(
            approvals
                .vote(unknown, new Vote("ann", true, ""))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join())
        .isInstanceOf(VoteResult.Unknown.class);
    assertThat(approvals.find(unknown)).isEmpty();
    assertThat(approvals.consume(unknown, asked.callId(), clock.instant())).isFalse();
    assertThatThrownBy(
            () ->
                approvals
                    .decided(unknown)
                    .toCompletableFuture()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join())
        .hasCauseInstanceOf(NoSuchElementException.class);
    assertThat(vote(asked, "ann", true, "x".repeat(2_000))).isInstanceOf(Settled.class);
  }

  @Test
  void otherPoliciesVoidAnApprovalAndAnOpenQuestion() {
    ApprovalRequest approved = ask("T-1");
    approve(approved);
    ApprovalRequest open = ask("T-2");
    situations.replace(
        LiveSituations.Snapshot.of(
            new GovernanceRules(
                RiskTables.DEFAULT,
                List.of(
                    rule(List.of()),
                    new PolicyRule("new", new Glob("x.*"), new Effect.Deny(), Severity.LOW)))));

    assertThat(((Pending) admit("T-1")).request().id()).isNotEqualTo(approved.id());
    assertThat(((Pending) admit("T-2")).request().id()).isNotEqualTo(open.id());
    assertThat(state(approved)).isEqualTo(State.EXPIRED);
    assertThat(state(open)).isEqualTo(State.EXPIRED);
    assertThat(
            audit.rows("event").stream().filter(row -> "approval.expired".equals(row.get("event"))))
        .hasSize(2)
        .allSatisfy(
            row -> assertThat(row).containsEntry("reason", "the policies or risk tables changed"));
  }
}
