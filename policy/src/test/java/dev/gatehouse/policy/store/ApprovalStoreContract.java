package dev.gatehouse.policy.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.approval.Review;
import dev.gatehouse.core.approval.TargetState;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.policy.approval.ApprovalStore;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of open questions does, whatever database it is. */
abstract class ApprovalStoreContract {

  private static final Instant OPENED = Instant.parse("2026-05-01T10:00:00.123456Z");

  private ApprovalStore store;

  /** Opens the store of this test; again, after it was closed, with what it held. */
  abstract ApprovalStore open();

  @BeforeEach
  void openFirst() {
    store = open();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    store = open();
  }

  @Test
  void aNewStoreHoldsNothing() {
    assertThat(store.open()).isEmpty();
  }

  @Test
  void whatWasWrittenIsThereAfterReopeningAsItWas() {
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("text", "Grüße \u0000 \uD83D\uDE80 \"quoted\"");
    arguments.put("nothing", null);
    arguments.put("list", Arrays.asList(1, null, true, new BigDecimal("0.10"), Map.of("deep", 1)));
    ApprovalRequest asked = request("apr_a", 0, State.PENDING, arguments);
    store.write(List.of(asked));
    reopen();

    assertThat(store.open()).containsExactly(asked);
  }

  @Test
  void aStateThatWasBeingReadIsNotKnownAfterwards() {
    ApprovalRequest asked = request("apr_a", 0, State.PENDING, Map.of());
    store.write(List.of(asked.with(asked.review().with(new TargetState.Reading()))));
    reopen();

    assertThat(store.open().getFirst().review().state())
        .isEqualTo(new TargetState.Unreadable("the gateway ended while it was being read"));
  }

  @Test
  void theLastStateOfAQuestionCounts() {
    ApprovalRequest asked = request("apr_a", 0, State.PENDING, Map.of("id", "7"));
    store.write(List.of(asked));
    ApprovalRequest once = asked.with(asked.review().approvedAlsoBy("ann"));
    store.write(List.of(once));
    assertThat(store.open()).containsExactly(once);
    ApprovalRequest approved = once.moved(State.APPROVED, "ann, bob", "fine");
    store.write(List.of(approved));
    reopen();

    assertThat(store.open()).containsExactly(approved);
  }

  @Test
  void aQuestionThatIsOverIsRemovedAndMayBeRemovedTwice() {
    ApprovalRequest asked = request("apr_a", 0, State.PENDING, Map.of());
    ApprovalRequest other = request("apr_b", 1, State.PENDING, Map.of());
    store.write(List.of(asked, other));
    ApprovalRequest over = asked.moved(State.EXPIRED, "", "nobody answered in time");
    store.write(List.of(over));
    store.write(List.of(over));
    reopen();

    assertThat(store.open()).containsExactly(other);
  }

  @Test
  void theOldestComesFirst() {
    ApprovalRequest late = request("apr_a", 2, State.PENDING, Map.of());
    ApprovalRequest early = request("apr_z", 1, State.APPROVED, Map.of());
    store.write(List.of(late, early));

    assertThat(store.open()).containsExactly(early, late);
  }

  static ApprovalRequest request(
      String id, int seconds, State state, Map<String, Object> arguments) {
    return new ApprovalRequest(
        new ApprovalId(id),
        new CallBinding(
            new AgentId("triage"), "tickets", "close", "tickets-prod", Digest.of(new byte[] {1})),
        new CallId("00000000-0000-7000-8000-000000000000"),
        "tickets__close",
        arguments,
        new Reason("policy:look", "policy 'look' matches"),
        new RiskScore(10, 12, 0, 20),
        List.of("group:leads"),
        OPENED.plusSeconds(seconds),
        OPENED.plusSeconds(3_600),
        state,
        "",
        "",
        new Review(
            "Ada",
            2,
            List.of(),
            "session-1",
            Optional.of(Digest.of(new byte[] {2})),
            Optional.of(Digest.of(new byte[] {3})),
            "the customer asked for it",
            new TargetState.Read(
                Map.of("status", "open"), Digest.of(new byte[] {4}), OPENED.plusMillis(5))));
  }
}
