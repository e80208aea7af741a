package dev.gatehouse.policy.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.approval.Approvals.VoteResult.Counted;
import dev.gatehouse.core.approval.Approvals.VoteResult.Settled;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many must say yes, and who must not. */
final class QuorumTest extends ApprovalsScene {

  @Test
  void theLastOfTheQuorumSettles() {
    situations = situations(quorum(3));
    ApprovalRequest asked = ask("T-1");

    assertThat(vote(asked, "ann", true, "")).isInstanceOf(Counted.class);
    assertThat(vote(asked, "bob", true, "")).isInstanceOf(Counted.class);
    assertThat(admit("T-1")).as("two of three").isInstanceOf(Pending.class);
    Settled settled = (Settled) vote(asked, "cid", true, "");

    assertThat(settled.request().decidedBy()).isEqualTo("ann, bob, cid");
    assertThat(admit("T-1")).isInstanceOf(Granted.class);
    assertThat(audit.rows("event"))
        .filteredOn(row -> "approval.approved".equals(row.get("event")))
        .extracting(row -> row.get("votes") + "/" + row.get("quorum"))
        .containsExactly("1/3", "2/3", "3/3");
  }

  @Test
  void oneApproverCountsOnce() {
    situations = situations(quorum(2));
    ApprovalRequest asked = ask("T-1");
    vote(asked, "ann", true, "");

    assertThat(rejection(vote(asked, "ann", true, "")))
        .contains("ann approved " + asked.id() + " already; it needs 2 approvers");
    assertThat(state(asked)).isEqualTo(State.PENDING);
  }

  @Test
  void oneNoDeclinesWhateverWasSaidBefore() {
    situations = situations(quorum(2));
    ApprovalRequest asked = ask("T-1");
    vote(asked, "ann", true, "");
    vote(asked, "bob", false, "not today");

    assertThat(state(asked)).isEqualTo(State.DENIED);
  }

  @Test
  void whoSaidYesMayThinkBetterOfIt() {
    situations = situations(quorum(2));
    ApprovalRequest asked = ask("T-1");
    vote(asked, "ann", true, "");
    vote(asked, "ann", false, "on second thought");

    assertThat(state(asked)).isEqualTo(State.DENIED);
  }

  /** Many rounds, because the answers must meet within a few instructions. */
  @Test
  void anApproverWhoRacesHimselfIsNotCountedTwice() throws Exception {
    situations = situations(quorum(2));
    for (int round = 0; round < 4_000; round++) {
      ApprovalRequest asked = ask("T-" + round);
      List<VoteResult> results = race(4, number -> vote(asked, "ann", true, ""));

      assertThat(results).filteredOn(Counted.class::isInstance).hasSize(1);
      assertThat(state(asked)).isEqualTo(State.PENDING);
      assertThat(vote(asked, "bob", false, "next")).isInstanceOf(Settled.class);
    }
  }

  @Test
  void theOwnerOfAnAgentDoesNotApproveItsCallsAndMayDenyThem() {
    ApprovalRequest asked = ask("T-1");
    String owner = asked.review().owner();
    assertThat(owner).isNotEmpty();

    assertThat(rejection(vote(asked, owner.toUpperCase(java.util.Locale.ROOT), true, "")))
        .contains("owns agent triage and does not approve its calls");
    assertThat(state(asked)).isEqualTo(State.PENDING);
    vote(asked, owner, false, "mine, and wrong");
    assertThat(state(asked)).isEqualTo(State.DENIED);
  }

  @Test
  void theOwnerApprovesWhereTheConfigSaysSo() {
    limit(new ApprovalLimits(10, 10, 1_000, 10_000, 10, Duration.ZERO, true));
    ApprovalRequest asked = ask("T-1");
    assertThat(vote(asked, asked.review().owner(), true, "")).isInstanceOf(Settled.class);
  }

  @Test
  void everyVoteOfAQuorumComesFromItsGroup() {
    situations = situations(quorum(2, "group:leads"));
    ApprovalRequest asked = ask("T-1");
    assertThat(inGroup(asked, "ann", "leads")).isInstanceOf(Counted.class);
    assertThat(rejection(inGroup(asked, "bob", "interns"))).contains("[group:leads] only");
    assertThat(inGroup(asked, "cid", "leads")).isInstanceOf(Settled.class);
  }

  private VoteResult inGroup(ApprovalRequest request, String by, String group) {
    return approvals
        .vote(request.id(), new Vote(by, Set.of(group), true, ""))
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }
}
