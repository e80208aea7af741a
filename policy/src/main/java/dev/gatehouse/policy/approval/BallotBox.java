package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes answers: one that counts ({@link Ballot}) is recorded, takes effect when that is durable,
 * and is kept then. Of answers that meet at one question one is recorded. Thread-safe.
 */
final class BallotBox {

  private final QuestionBook book;
  private final QuestionEnds ends;
  private final ApprovalKeeper keeper;
  private final boolean ownerMayApprove;
  private final AuditLog audit;
  private final InstantSource clock;

  BallotBox(
      QuestionBook book,
      QuestionEnds ends,
      ApprovalKeeper keeper,
      boolean ownerMayApprove,
      AuditLog audit,
      InstantSource clock) {
    this.book = book;
    this.ends = ends;
    this.keeper = keeper;
    this.ownerMayApprove = ownerMayApprove;
    this.audit = audit;
    this.clock = clock;
  }

  /** Never fails; completes on the log's or the keeper's thread. */
  CompletionStage<VoteResult> cast(Question question, Vote vote) {
    ends.expired(question);
    Optional<String> objection = objection(question, vote);
    if (objection.isPresent()) {
      return rejected(objection.get());
    }
    if (!question.claim()) {
      return rejected(
          "another answer to approval " + question.request().id() + " is being recorded");
    }
    // Another answer may have been counted since: only under the claim is the look the last one.
    objection = objection(question, vote);
    if (objection.isPresent()) {
      question.giveUpClaim();
      return rejected(objection.get());
    }
    AuditRow row = ApprovalRows.answered(question.request(), vote, clock.instant());
    try {
      return audit
          .append(row)
          .handle((_, failure) -> settled(question, vote, failure))
          .thenCompose(this::whenKept);
    } catch (RuntimeException e) {
      return CompletableFuture.completedStage(settled(question, vote, e));
    }
  }

  private Optional<String> objection(Question question, Vote vote) {
    return Ballot.objection(question.request(), vote, ownerMayApprove);
  }

  private static CompletionStage<VoteResult> rejected(String message) {
    return CompletableFuture.completedStage(new VoteResult.Rejected(message));
  }

  private VoteResult settled(Question question, Vote vote, @Nullable Throwable failure) {
    ApprovalId id = question.request().id();
    if (failure != null) {
      question.giveUpClaim();
      return new VoteResult.Rejected(
          "the answer to approval " + id + " could not be recorded: " + failure.getMessage());
    }
    Instant now = clock.instant();
    Optional<ApprovalRequest> answered =
        ends.expiredBy(question, now)
            ? Optional.empty()
            : question.answer(vote.approve(), vote.approver(), vote.reason(), now);
    if (answered.isEmpty()) {
      return new VoteResult.Rejected(
          "approval " + id + " expired while the answer was being recorded");
    }
    keeper.keep(question);
    if (answered.get().state() == State.PENDING) {
      question.giveUpClaim();
      return new VoteResult.Counted(answered.get());
    }
    if (answered.get().state().isFinal()) {
      book.retire(question);
    }
    question.decided().complete(answered.get());
    return new VoteResult.Settled(answered.get());
  }

  /** An answer that is not kept holds all the same, until the process ends. */
  private CompletionStage<VoteResult> whenKept(VoteResult result) {
    return keeper.settled().handle((_, _) -> result);
  }
}
