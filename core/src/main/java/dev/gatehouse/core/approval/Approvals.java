package dev.gatehouse.core.approval;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The open questions to people. Thread-safe; never blocks; every change leaves an audit row. */
public interface Approvals {

  /** Asks, or attaches to the open question about an identical call. */
  ApprovalRequest open(
      GovernedCall call, Situation situation, Ruling ruling, RequireApproval demand);

  /** An approved, unused, unexpired answer for an identical call. */
  Optional<ApprovalRelease> release(CallBinding binding, Instant now);

  /**
   * Uses an approval up. True for exactly one caller, and only while it is approved and unexpired.
   */
  boolean consume(ApprovalId id, Instant now);

  /** The question, in any state, while it is remembered. */
  Optional<ApprovalRequest> find(ApprovalId id);

  /** Questions that still wait, oldest first. */
  List<ApprovalRequest> pending();

  /** Answers a question; a sealed result says what came of it. */
  VoteResult vote(ApprovalId id, Vote vote);

  /** Completes, on any thread, when the question leaves {@code PENDING}. */
  CompletionStage<ApprovalRequest> decided(ApprovalId id);

  /**
   * A person's answer.
   *
   * @param approver who answers, as authenticated
   * @param approve yes or no
   * @param reason why; must not be blank for a no
   */
  record Vote(String approver, boolean approve, String reason) {}

  /** What came of a vote. */
  sealed interface VoteResult {
    /** It settled the question. */
    record Settled(ApprovalRequest request) implements VoteResult {}

    /** It was not accepted, and why. */
    record Rejected(String message) implements VoteResult {}

    /** There is no such question. */
    record Unknown() implements VoteResult {}
  }
}
