package dev.gatehouse.policy.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.approval.Review;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.LiveSituations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Single use under real contention: two threads run over the same questions. Whoever falls behind
 * finds them taken, which is quicker, and catches up; so they meet again and again.
 */
class QuestionTest {

  private static final int QUESTIONS = 100_000;
  private static final LiveSituations.Snapshot RULES =
      LiveSituations.Snapshot.of(GovernanceRules.DEFAULT);
  private static final ToolCall CALL = Calls.closing(Calls.TRIAGE, "T-1");

  @Test
  void eachApprovalIsUsedOnce() throws Exception {
    assertThat(wins(State.APPROVED, question -> question.use().isPresent())).isEqualTo(QUESTIONS);
  }

  @Test
  void eachQuestionIsAnsweredOnce() throws Exception {
    assertThat(
            wins(
                State.PENDING,
                question -> question.answer(true, "ann", "", Instant.EPOCH).isPresent()))
        .isEqualTo(QUESTIONS);
  }

  @Test
  void eachQuestionExpiresOnce() throws Exception {
    assertThat(wins(State.PENDING, question -> question.expire("late").isPresent()))
        .isEqualTo(QUESTIONS);
  }

  private static int wins(State state, Predicate<Question> contest) throws Exception {
    List<Question> questions =
        IntStream.range(0, QUESTIONS).mapToObj(_ -> question(state)).toList();
    CountDownLatch start = new CountDownLatch(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        counts.add(
            threads.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return (int) questions.stream().filter(contest).count();
                }));
      }
      return counts.get(0).get() + counts.get(1).get();
    }
  }

  private static Question question(State state) {
    ApprovalRequest request =
        new ApprovalRequest(
            new ApprovalId("apr_1"),
            CallBinding.of(CALL),
            CALL.id(),
            "tickets__close",
            Map.of(),
            new Reason("policy:p", "look"),
            new RiskScore(0, 0, 0, 0),
            List.of(),
            Instant.EPOCH,
            Instant.MAX,
            state,
            "",
            "",
            Review.PLAIN);
    Situation situation =
        new Situation(
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty(),
            new Activity(1, 1),
            RULES.risk(),
            RULES.drift(),
            RULES.policies(),
            Optional.empty(),
            List.of());
    return new Question(request, situation);
  }
}
