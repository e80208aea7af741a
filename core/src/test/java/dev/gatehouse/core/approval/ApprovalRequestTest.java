package dev.gatehouse.core.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.Scene;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.RiskScore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApprovalRequestTest {

  private static final Map<State, Set<State>> LEGAL =
      Map.of(
          State.PENDING, Set.of(State.APPROVED, State.DENIED, State.EXPIRED),
          State.APPROVED, Set.of(State.CONSUMED, State.EXPIRED),
          State.CONSUMED, Set.of(),
          State.DENIED, Set.of(),
          State.EXPIRED, Set.of());

  @Test
  void onlyTheListedTransitionsExist() {
    for (State from : State.values()) {
      for (State to : State.values()) {
        if (LEGAL.getOrDefault(from, Set.of()).contains(to)) {
          assertThat(in(from).moved(to, "ann", "why").state()).isEqualTo(to);
        } else {
          assertThatThrownBy(() -> in(from).moved(to, "ann", "why"))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage("approval apr_1 does not go from " + from + " to " + to);
        }
      }
    }
  }

  @Test
  void argumentsAreKeptWhileTheQuestionStandsAndDroppedWhenItIsOver() {
    ApprovalRequest pending = in(State.PENDING);
    assertThat(pending.moved(State.APPROVED, "ann", "").arguments()).isNotEmpty();
    assertThat(pending.moved(State.DENIED, "ann", "no").arguments()).isEmpty();
    assertThat(pending.moved(State.DENIED, "ann", "no").binding()).isEqualTo(pending.binding());
  }

  private static ApprovalRequest in(State state) {
    var call = Scene.toolCall(OperationType.WRITE);
    return new ApprovalRequest(
        new ApprovalId("apr_1"),
        CallBinding.of(call),
        call.id(),
        "tickets__close",
        call.arguments(),
        new Reason("policy:p", "look"),
        new RiskScore(10, 0, 0, 0),
        List.of(),
        Scene.NOW,
        Scene.NOW.plusSeconds(60),
        state,
        "",
        "",
        Review.PLAIN);
  }
}
