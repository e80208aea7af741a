package dev.gatehouse.core.gate;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRelease;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.approval.Review;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Approvals that open every question, and use up what a test says. */
final class StubApprovals implements Approvals {

  final List<ApprovalRequest> opened = new ArrayList<>();
  final List<CallId> consumedBy = new ArrayList<>();
  Runnable beforeOpen = () -> {};
  Runnable beforeConsume = () -> {};
  boolean consumable = true;

  @Override
  public ApprovalRequest open(
      GovernedCall call, Situation situation, Ruling ruling, RequireApproval demand) {
    beforeOpen.run();
    ApprovalRequest request =
        new ApprovalRequest(
            new ApprovalId("apr_new"),
            CallBinding.of(call),
            call.id(),
            call.operation(),
            Map.of(),
            demand.reason(),
            ruling.risk(),
            demand.approvers(),
            situation.at(),
            situation.at().plus(demand.timeout()),
            ApprovalRequest.State.PENDING,
            "",
            "",
            Review.PLAIN);
    opened.add(request);
    return request;
  }

  @Override
  public boolean consume(ApprovalId id, CallId by, Instant now) {
    beforeConsume.run();
    consumedBy.add(by);
    return consumable;
  }

  @Override
  public Optional<ApprovalRelease> release(CallBinding binding, Instant now) {
    throw new UnsupportedOperationException("the scene gives releases");
  }

  @Override
  public Optional<ApprovalRequest> find(ApprovalId id) {
    return opened.stream().filter(request -> request.id().equals(id)).findFirst();
  }

  @Override
  public List<ApprovalRequest> pending() {
    return List.copyOf(opened);
  }

  @Override
  public CompletionStage<VoteResult> vote(ApprovalId id, Vote vote) {
    throw new UnsupportedOperationException("nobody votes here");
  }

  @Override
  public CompletionStage<ApprovalRequest> decided(ApprovalId id) {
    throw new UnsupportedOperationException("nobody waits here");
  }
}
