package dev.gatehouse.policy.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.ApprovalVoidException;
import dev.gatehouse.core.approval.Approvals.VoteResult.Settled;
import dev.gatehouse.core.approval.StateReader;
import dev.gatehouse.core.approval.TargetState;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.policy.Calls;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an approver is shown of a target, and what its change does to an approval. */
final class TargetStateTest extends ApprovalsScene {

  private final Targets targets = new Targets();

  @BeforeEach
  void read() {
    approvals.readStatesBy(targets);
  }

  @Test
  void theQuestionShowsTheStateOnceItIsReadAndTheRowNamesItsDigest() {
    targets.status = "open";
    ApprovalRequest asked = ask("T-1");

    TargetState.Read read = (TargetState.Read) shown(asked);
    assertThat(read.value()).isEqualTo(Map.of("status", "open"));
    assertThat(audit.rows("event"))
        .anyMatch(
            row ->
                "approval.state_read".equals(row.get("event"))
                    && read.digest().hex().equals(row.get("state_digest")));
  }

  @Test
  void nobodyApprovesBeforeTheStateIsKnown() {
    targets.held = new CompletableFuture<>();
    ApprovalRequest asked = ask("T-1");

    assertThat(rejection(vote(asked, "ann", true, ""))).contains("still being read");
    targets.held.complete(targets.now());
    assertThat(vote(asked, "ann", true, "")).isInstanceOf(Settled.class);
  }

  @Test
  void whatCannotBeShownCanOnlyBeDenied() {
    targets.broken = true;
    ApprovalRequest asked = ask("T-1");

    assertThat(rejection(vote(asked, "ann", true, "")))
        .contains("could not be read (the test broke it), so it can only be denied");
    assertThat(vote(asked, "ann", false, "cannot see it")).isInstanceOf(Settled.class);
  }

  @Test
  void aRetryReadsAgainWhatCouldNotBeRead() {
    targets.broken = true;
    ApprovalRequest asked = ask("T-1");
    targets.broken = false;
    assertThat(ask("T-1").id()).isEqualTo(asked.id());

    assertThat(shown(asked)).isInstanceOf(TargetState.Read.class);
    approve(asked);
  }

  @Test
  void anUnchangedTargetLetsTheCallGo() throws Exception {
    approve(ask("T-1"));
    barrier((Granted) admit("T-1"));

    assertThat(targets.reads).as("asked and released").isEqualTo(2);
  }

  @Test
  void aTargetThatChangedMeanwhileVoidsTheApprovalOnRecord() {
    ApprovalRequest asked = ask("T-1");
    approve(asked);
    targets.status = "closed by somebody else";
    Granted granted = (Granted) admit("T-1");

    assertThatThrownBy(() -> barrier(granted))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ApprovalVoidException.class)
        .hasMessageContaining("its target changed after it was shown");
    assertThat(audit.rows("event"))
        .anyMatch(
            row ->
                "approval.voided".equals(row.get("event"))
                    && asked.id().value().equals(row.get("approval")));
    assertThat(state(asked)).isEqualTo(State.CONSUMED);
    Admission again = admit("T-1");
    assertThat(((Pending) again).request().id()).isNotEqualTo(asked.id());
  }

  @Test
  void aTargetThatCannotBeReadAnyMoreVoidsTheApproval() {
    approve(ask("T-1"));
    targets.broken = true;

    assertThatThrownBy(() -> barrier((Granted) admit("T-1")))
        .hasMessageContaining("cannot be read any more");
  }

  @Test
  void aQuestionThatShowedNoStateIsNotHeldAgainstOneLater() {
    approvals.readStatesBy(StateReader.NONE);
    ApprovalRequest asked = ask("T-1");
    assertThat(shown(asked)).isInstanceOf(TargetState.NotRead.class);
    approve(asked);
    approvals.readStatesBy(targets);
    assertThatCode(() -> barrier((Granted) admit("T-1"))).doesNotThrowAnyException();
  }

  @Test
  void theAgentsReasonsAreShownAndAreNoPartOfTheCall() {
    ToolCall call = Calls.closing(Calls.TRIAGE, "T-1");
    ApprovalRequest asked =
        ((Pending) gate().admit(call.because("the customer asked for it"))).request();
    assertThat(asked.review().reasoning()).isEqualTo("the customer asked for it");
    approve(asked);

    assertThat(gate().admit(Calls.closing(Calls.TRIAGE, "T-1").because("other words")))
        .isInstanceOf(Granted.class);
  }

  private TargetState shown(ApprovalRequest asked) {
    return approvals.find(asked.id()).orElseThrow().review().state();
  }

  private static void barrier(Granted granted) throws Exception {
    granted.grant().barrier().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Targets in memory. */
  private static final class Targets implements StateReader {
    private String status = "open";
    private boolean broken;
    private int reads;
    private CompletableFuture<TargetState> held = CompletableFuture.completedFuture(null);

    @Override
    public boolean reads(GovernedCall call) {
      return true;
    }

    private TargetState now() {
      Map<String, Object> value = Map.of("status", status);
      return broken
          ? new TargetState.Unreadable("the test broke it")
          : new TargetState.Read(value, Digest.ofJson(value), java.time.Instant.EPOCH);
    }

    @Override
    public CompletionStage<TargetState> read(GovernedCall call) {
      reads++;
      return held.isDone() ? CompletableFuture.completedStage(now()) : held;
    }
  }
}
