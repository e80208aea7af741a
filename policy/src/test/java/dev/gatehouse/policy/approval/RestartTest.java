package dev.gatehouse.policy.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.ApprovalVoidException;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Questions that the process before this one left open, and what becomes of them. */
final class RestartTest extends ApprovalsScene {

  private final MemoryStore disk = new MemoryStore();
  private ApprovalKeeper keeper = ApprovalKeeper.forgetful();

  @AfterEach
  void end() {
    keeper.close();
  }

  /** Ends the process in good order and starts the next one. */
  private void restart() {
    keeper.close();
    crash();
  }

  /** Starts the next process with nothing but what is on disk. */
  private void crash() {
    keeper = ApprovalKeeper.in(disk);
    approvals = new LiveApprovals(audit, clock, new SecureRandom(), ApprovalLimits.DEFAULT, keeper);
    situations = situations();
    approvals.restore(
        keeper.open(),
        situations.inForce().policies().digest(),
        situations.inForce().risk().digest());
  }

  private void flush() throws Exception {
    keeper.settled().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void anOpenQuestionIsAskedOnAndTheRetryFindsIt() {
    restart();
    ApprovalRequest asked = ask("T-1");
    restart();

    assertThat(approvals.pending()).containsExactly(asked);
    assertThat(ask("T-1").id()).isEqualTo(asked.id());
    approve(asked);
    assertThat(admit("T-1")).isInstanceOf(Granted.class);
  }

  @Test
  void anAnswerGivenBeforeTheRestartOpensTheCallAfterItOnce() {
    restart();
    approve(ask("T-1"));
    restart();

    assertThat(admit("T-1")).isInstanceOf(Granted.class);
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
  }

  @Test
  void aUsedApprovalStaysUsed() throws Exception {
    restart();
    ApprovalRequest asked = ask("T-1");
    approve(asked);
    Granted granted = (Granted) admit("T-1");
    granted.grant().barrier().toCompletableFuture().get(20, TimeUnit.SECONDS);
    crash(); // at once after the call was dispatched

    assertThat(disk.questions).isEmpty();
    Admission again = admit("T-1");
    assertThat(again).isInstanceOf(Pending.class);
    assertThat(((Pending) again).request().id()).isNotEqualTo(asked.id());
  }

  @Test
  void aCallIsNotDispatchedWhenTheUseOfItsApprovalCannotBeKept() throws Exception {
    restart();
    approve(ask("T-1"));
    flush();
    disk.broken = true;
    Granted granted = (Granted) admit("T-1");

    assertThatThrownBy(
            () -> granted.grant().barrier().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ApprovalVoidException.class)
        .hasMessageContaining("could not be kept, so nothing was carried out");
    assertThat(admit("T-1")).as("used up all the same").isInstanceOf(Pending.class);
    disk.broken = false;
    flush();
    assertThat(disk.questions.values()).noneMatch(kept -> kept.state() == State.APPROVED);
  }

  @Test
  void aQuestionWhoseTimeRanOutMeanwhileIsDeclinedOnRecord() {
    restart();
    ApprovalRequest asked = ask("T-1");
    keeper.close();
    clock.advance(HOUR);
    crash();

    assertThat(approvals.pending()).isEmpty();
    assertThat(audit.rows("event"))
        .anyMatch(
            row ->
                "approval.expired".equals(row.get("event"))
                    && asked.id().value().equals(row.get("approval"))
                    && "nobody answered in time".equals(row.get("reason")));
  }

  @Test
  void aQuestionStandsOneMillisecondBeforeItsEnd() {
    restart();
    ApprovalRequest asked = ask("T-1");
    keeper.close();
    clock.advance(HOUR.minus(Duration.ofMillis(1)));
    crash();

    assertThat(approvals.pending()).extracting(ApprovalRequest::id).containsExactly(asked.id());
  }

  @Test
  void aQuestionAskedUnderOtherPoliciesIsVoidedOnRecord() {
    restart();
    approve(ask("T-1"));
    keeper.close();
    keeper = ApprovalKeeper.in(disk);
    approvals = new LiveApprovals(audit, clock, new SecureRandom(), ApprovalLimits.DEFAULT, keeper);
    situations = situations(rule(List.of("group:leads")));
    approvals.restore(
        keeper.open(),
        situations.inForce().policies().digest(),
        situations.inForce().risk().digest());

    assertThat(admit("T-1")).isInstanceOf(Pending.class);
    assertThat(audit.rows("event"))
        .anyMatch(row -> "the policies or risk tables changed".equals(row.get("reason")));
  }

  @Test
  void halfOfAQuorumSurvives() {
    restart();
    situations = situations(quorum(2));
    ApprovalRequest asked = ask("T-1");
    assertThat(vote(asked, "ann", true, "")).isInstanceOf(VoteResult.Counted.class);
    keeper.close();
    keeper = ApprovalKeeper.in(disk);
    approvals = new LiveApprovals(audit, clock, new SecureRandom(), ApprovalLimits.DEFAULT, keeper);
    situations = situations(quorum(2));
    approvals.restore(
        keeper.open(),
        situations.inForce().policies().digest(),
        situations.inForce().risk().digest());

    assertThat(vote(asked, "bob", true, "")).isInstanceOf(VoteResult.Settled.class);
    assertThat(admit("T-1")).isInstanceOf(Granted.class);
  }

  @Test
  void nobodyIsAskedAnewWhenTooManyChangesWaitForTheStore() throws Exception {
    restart();
    disk.broken = true;
    ApprovalRequest asked = ask("T-0");
    for (int i = 1; i < ApprovalKeeper.BACKLOG_MAX; i++) {
      ApprovalRequest another = renamed(asked, "apr_" + i);
      keeper.keep(another.id(), () -> another);
    }
    assertThatThrownBy(this::flush).isInstanceOf(ExecutionException.class);

    assertThat(refusal(admit("T-1"))).contains("at most 10000 changed approvals");
    disk.broken = false;
    flush();
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
  }

  @Test
  void whoReportsAChangeLateDoesNotBringAUsedApprovalBack() throws Exception {
    restart();
    ApprovalRequest asked = ask("T-1");
    approve(asked);
    assertThat(admit("T-1")).isInstanceOf(Granted.class);
    flush();
    assertThat(disk.questions).isEmpty();
    keeper.keep(asked.id(), () -> approvals.find(asked.id()).orElseThrow());
    flush();

    assertThat(disk.questions).isEmpty();
  }

  private static ApprovalRequest renamed(ApprovalRequest request, String id) {
    return new ApprovalRequest(
        new ApprovalId(id),
        request.binding(),
        request.callId(),
        request.tool(),
        request.arguments(),
        request.reason(),
        request.risk(),
        request.approvers(),
        request.openedAt(),
        request.expiresAt(),
        request.state(),
        "",
        "",
        request.review());
  }

  /** A disk that a test can break. */
  private static final class MemoryStore implements ApprovalStore {
    private final Map<ApprovalId, ApprovalRequest> questions = new LinkedHashMap<>();
    private volatile boolean broken;

    @Override
    public synchronized List<ApprovalRequest> open() {
      return List.copyOf(questions.values());
    }

    @Override
    public synchronized void write(List<ApprovalRequest> changed) {
      if (broken) {
        throw new ApprovalStoreException("the test broke the store", new IllegalStateException());
      }
      for (ApprovalRequest request : changed) {
        questions.remove(request.id());
        if (!request.state().isFinal()) {
          questions.put(request.id(), request);
        }
      }
    }

    @Override
    public void close() {}
  }
}
