package dev.gatehouse.policy.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.approval.Approvals.VoteResult.Settled;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.policy.Calls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many approvals there may be, and who wins when many come at once. */
final class ApprovalLimitsTest extends ApprovalsScene {

  @Test
  void openQuestionsAreLimitedPerAgentAndInAll() {
    limit(new ApprovalLimits(3, 2, 1_000, 10_000, 10, Duration.ZERO));
    ask("T-1");
    ApprovalRequest second = ask("T-2");
    assertThat(refusal(admit("T-3")))
        .isEqualTo(
            "agent triage may have at most 2 approvals open, and has as many; answer some of them,"
                + " or ask again later");
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
    assertThat(gate().admit(Calls.closing(OTHER, "T-1"))).isInstanceOf(Pending.class);
    assertThat(refusal(gate().admit(Calls.closing(OTHER, "T-2"))))
        .startsWith("at most 3 approvals may be open, as many are");
    assertThat(audit.rows("refusal"))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row).containsEntry("rule", "approvals.full"));

    approve(second); // approved but unused still counts: it is kept
    assertThat(admit("T-3")).isInstanceOf(Refused.class);
    assertThat(admit("T-2")).isInstanceOf(Granted.class);
    assertThat(admit("T-3")).isInstanceOf(Pending.class);
  }

  @Test
  void argumentsAreLimitedEachAndTogether() {
    limit(new ApprovalLimits(100, 100, 1_000, 1_500, 10, Duration.ZERO));
    String frame = "{\"ticket\":\"\"}";
    assertThat(refusal(admit("x".repeat(1_001 - frame.length()))))
        .isEqualTo("an approver can be shown arguments of at most 1000 bytes, these have 1001");
    ApprovalRequest longest = ask("x".repeat(1_000 - frame.length()));
    assertThat(refusal(admit("y".repeat(501 - frame.length()))))
        .contains("with this one they would hold 1501");
    assertThat(admit("y".repeat(500 - frame.length()))).isInstanceOf(Pending.class);
    vote(longest, "ann", false, "no");
    assertThat(approvals.find(longest.id()).orElseThrow().arguments()).isEmpty();
    assertThat(admit("z".repeat(1_000 - frame.length()))).isInstanceOf(Pending.class);
  }

  @Test
  void decidedQuestionsAreRememberedUpToTheirLimit() {
    limit(new ApprovalLimits(100, 100, 1_000, 10_000, 2, HOUR));
    List<ApprovalRequest> asked = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      asked.add(ask("T-" + i));
      vote(asked.get(i), "ann", false, "no");
    }
    assertThat(approvals.find(asked.get(0).id())).isEmpty();
    assertThat(approvals.find(asked.get(1).id())).isPresent();
    assertThat(approvals.find(asked.get(2).id())).isPresent();
    assertThat(((Pending) admit("T-0")).request().state()).isEqualTo(State.PENDING);
    assertThat(((Pending) admit("T-2")).request().state()).isEqualTo(State.DENIED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofRacingApproversExactlyOneSettles(boolean sameAnswer) throws Exception {
    for (int round = 0; round < 25; round++) {
      ApprovalRequest asked = ask("T-" + round);
      List<VoteResult> results =
          race(
              8,
              i ->
                  approvals
                      .vote(asked.id(), new Vote("op" + i, sameAnswer || i % 2 == 0, "r"))
                      .toCompletableFuture()
                      .orTimeout(10, TimeUnit.SECONDS)
                      .join());
      assertThat(results).filteredOn(Settled.class::isInstance).hasSize(1);
      Settled settled =
          (Settled) results.stream().filter(Settled.class::isInstance).findFirst().orElseThrow();
      assertThat(settled.request().decidedBy())
          .isEqualTo(approvals.find(asked.id()).orElseThrow().decidedBy());
      assertThat(
              audit.rows("event").stream()
                  .filter(row -> asked.id().value().equals(row.get("approval"))))
          .hasSize(2);
      if (settled.request().state() == State.APPROVED) {
        admit("T-" + round);
      }
    }
  }

  @Test
  void ofRacingCallsExactlyOneUsesTheApproval() throws Exception {
    for (int round = 0; round < 25; round++) {
      String ticket = "T-" + round;
      approve(ask(ticket));
      List<Admission> admissions = race(8, _ -> admit(ticket));
      assertThat(admissions).filteredOn(Granted.class::isInstance).hasSize(1);
      approvals.pending().forEach(request -> vote(request, "ann", false, "no"));
    }
  }

  @Test
  void racingIdenticalCallsAskOneQuestion() throws Exception {
    List<Admission> admissions = race(8, _ -> admit("T-1"));
    assertThat(admissions)
        .allSatisfy(admission -> assertThat(admission).isInstanceOf(Pending.class));
    assertThat(approvals.pending()).hasSize(1);
  }

  @Test
  void limitsAreChecked() {
    assertThatThrownBy(() -> new ApprovalLimits(0, 1, 1, 1, 1, Duration.ZERO))
        .hasMessage("the number of open approvals lies in 1..100000, this is 0");
    assertThatThrownBy(() -> new ApprovalLimits(1, 1, 100, 99, 1, Duration.ZERO))
        .hasMessageContaining("all open approvals lies in 100..1073741824, this is 99");
    assertThatThrownBy(() -> new ApprovalLimits(1, 1, 1, 1, 1, Duration.ofDays(2)))
        .hasMessageContaining("a denial stands");
  }
}
