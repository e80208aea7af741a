package dev.gatehouse.core.approval;

import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The open questions to people. Thread-safe; never blocks; every change leaves an audit row. */
public interface Approvals {

  /**
   * Asks, or attaches to the standing question about an identical call; the returned question may
   * therefore be answered already. The caller has the intent row on record.
   *
   * @throws ApprovalNotOpenedException when a limit forbids another question; the call is refused
   * @throws dev.gatehouse.core.audit.AuditUnavailableException when the question cannot be recorded
   */
  ApprovalRequest open(
      GovernedCall call, Situation situation, Ruling ruling, RequireApproval demand);

  /** An approved, unused, unexpired answer for an identical call. */
  Optional<ApprovalRelease> release(CallBinding binding, Instant now);

  /**
   * Uses an approval up. True for exactly one caller, and only while it is approved and unexpired.
   *
   * @param by the call that it opens
   * @throws dev.gatehouse.core.audit.AuditUnavailableException when the use cannot be recorded; the
   *     approval is used up all the same
   */
  boolean consume(ApprovalId id, CallId by, Instant now);

  /**
   * Whether a used approval really opens that call: completes when its use is kept as durably as
   * approvals are, and what it was given for still holds. The call is not carried out before. Fails
   * with {@link ApprovalVoidException} otherwise; completes on any thread.
   */
  default CompletionStage<Void> confirmed(ApprovalId id, GovernedCall call) {
    return CompletableFuture.completedStage(null);
  }

  /** The question, in any state, while it is remembered. */
  Optional<ApprovalRequest> find(ApprovalId id);

  /** Questions that still wait, oldest first. */
  List<ApprovalRequest> pending();

  /**
   * Answers a question; a sealed result says what came of it. The answer takes effect when its row
   * is durable: the stage completes then, on the log's thread, and never fails.
   */
  CompletionStage<VoteResult> vote(ApprovalId id, Vote vote);

  /**
   * Completes, on any thread, when the question leaves {@code PENDING}; fails with {@link
   * java.util.NoSuchElementException} when no such question is remembered.
   */
  CompletionStage<ApprovalRequest> decided(ApprovalId id);

  /**
   * A person's answer.
   *
   * @param approver who answers, as authenticated
   * @param groups the groups that the approver is in, such as {@code secops-leads}
   * @param approve yes or no
   * @param reason why; must not be blank for a no
   * @param via who handed it in for the approver, such as {@code callback:chat}; empty for the
   *     approver's own key
   */
  record Vote(String approver, Set<String> groups, boolean approve, String reason, String via) {

    public Vote {
      groups = Set.copyOf(groups);
    }

    /** An answer that the approver gives with a key of their own. */
    public Vote(String approver, Set<String> groups, boolean approve, String reason) {
      this(approver, groups, approve, reason, "");
    }

    /** The answer of somebody who is in no group. */
    public Vote(String approver, boolean approve, String reason) {
      this(approver, Set.of(), approve, reason);
    }
  }

  /** What came of a vote. */
  sealed interface VoteResult {
    /** It settled the question. */
    record Settled(ApprovalRequest request) implements VoteResult {}

    /** It counts, and more are needed. */
    record Counted(ApprovalRequest request) implements VoteResult {}

    /** It was not accepted, and why. */
    record Rejected(String message) implements VoteResult {}

    /** There is no such question. */
    record Unknown() implements VoteResult {}
  }
}
