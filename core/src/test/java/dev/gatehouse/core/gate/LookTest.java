package dev.gatehouse.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.Scene;
import dev.gatehouse.core.approval.ApprovalVoidException;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.decision.Decision.Permit;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Refused;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reads that the gateway makes on its own account, and grants that hang on a condition. */
final class LookTest {

  private static final CallId ABOUT = new CallId("01890000-0000-7000-8000-000000000009");

  private final Scene scene = new Scene();
  private final RecordingLog audit = new RecordingLog();
  private final Gate gate =
      new Gate(_ -> scene.situation(), Scene.decider(), new StubApprovals(), audit);

  @Test
  void aReadIsGrantedOnRecordWhateverPoliciesSay() {
    scene.demanding(Scene.deny("policy:never"));

    assertThat(gate.look(Scene.toolCall(OperationType.READ), ABOUT)).isInstanceOf(Granted.class);
    assertThat(audit.rows.getFirst())
        .containsEntry("verdict", "allow")
        .containsEntry("rule", "gateway.state")
        .containsEntry("reason", "reads the state of what call " + ABOUT + " would change");
  }

  @Test
  void anythingButAReadIsRefusedOnRecord() {
    for (OperationType type : OperationType.values()) {
      if (type != OperationType.READ) {
        assertThat(gate.look(Scene.toolCall(type), ABOUT))
            .as("%s", type)
            .isInstanceOf(Refused.class);
      }
    }
    assertThat(audit.rows).isNotEmpty().allMatch(row -> "deny".equals(row.get("verdict")));
  }

  @Test
  void theKillSwitchStopsTheGatewayToo() {
    scene.stopped = Optional.of(new Reason("standing.stopped", "an operator stopped all"));

    Refused refused = (Refused) gate.look(Scene.toolCall(OperationType.READ), ABOUT);
    assertThat(refused.decision().reason().rule()).isEqualTo("standing.stopped");
  }

  @Test
  void aGrantWithAConditionWaitsForItAndFailsWithIt() {
    CompletableFuture<Void> condition = new CompletableFuture<>();
    Intent intent =
        new Intent(ABOUT, CompletableFuture.completedStage(new AuditReceipt("s", 0, "0")));
    ExecutionGrant grant =
        new ExecutionGrant(
            Scene.toolCall(OperationType.READ),
            new Permit(new Reason("approval:apr_1", "approved")),
            RiskScore.HIGHEST,
            intent,
            Optional.of(condition));

    CompletableFuture<?> barrier = grant.barrier().toCompletableFuture();
    assertThat(barrier).isNotDone();
    condition.completeExceptionally(new ApprovalVoidException("its target changed"));
    assertThatThrownBy(barrier::join).hasCauseInstanceOf(ApprovalVoidException.class);
  }
}
