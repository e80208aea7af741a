package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.approval.Review;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.registry.Agent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Words the questions: what somebody who is asked about a call gets to see. Thread-safe. */
final class QuestionMaker {

  private final RandomGenerator random;
  private final TargetWatch targets;

  /**
   * @param random makes ids; must be unpredictable
   */
  QuestionMaker(RandomGenerator random, TargetWatch targets) {
    this.random = random;
    this.targets = targets;
  }

  Question about(GovernedCall call, Situation situation, Ruling ruling, RequireApproval demand) {
    ApprovalRequest request =
        new ApprovalRequest(
            ApprovalIds.next(random),
            CallBinding.of(call),
            call.id(),
            name(call),
            arguments(call),
            demand.reason(),
            ruling.risk(),
            demand.approvers(),
            situation.at(),
            situation.at().plus(demand.timeout()),
            State.PENDING,
            "",
            "",
            review(call, situation, demand.quorum()));
    return new Question(request, situation);
  }

  private Review review(GovernedCall call, Situation situation, int quorum) {
    return new Review(
        situation.agent().map(Agent::owner).orElse(""),
        quorum,
        List.of(),
        call.session(),
        Optional.of(situation.policies().digest()),
        Optional.of(situation.risk().digest()),
        call instanceof ToolCall tool ? tool.reasoning() : "",
        targets.first(call));
  }

  private static String name(GovernedCall call) {
    return switch (call) {
      case ToolCall tool -> tool.tool().name();
      case ContextCall context -> context.name();
      case ModelCall model -> model.model();
    };
  }

  private static Map<String, Object> arguments(GovernedCall call) {
    return switch (call) {
      case ToolCall tool -> tool.arguments();
      case ContextCall context -> context.params();
      case ModelCall _ -> Map.of();
    };
  }
}
