package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.TargetState;
import java.util.Locale;
import java.util.Optional;

/** Which answers count. */
final class Ballot {

  /** Longest reason of an answer. */
  static final int REASON_LENGTH_MAX = 2_000;

  private Ballot() {}

  /** Why this answer does not count; empty when it does. */
  static Optional<String> objection(ApprovalRequest request, Vote vote, boolean ownerMayApprove) {
    if (request.state() != State.PENDING) {
      return Optional.of(
          "approval "
              + request.id()
              + " is "
              + request.state().name().toLowerCase(Locale.ROOT)
              + " already");
    }
    if (vote.approver().isBlank()) {
      return Optional.of("an answer needs the name of who gives it");
    }
    if (!mayAnswer(request, vote)) {
      return Optional.of(
          "approval " + request.id() + " takes answers of " + request.approvers() + " only");
    }
    if (vote.approve() && !ownerMayApprove && isOwner(request, vote)) {
      return Optional.of(
          vote.approver()
              + " owns agent "
              + request.binding().agent()
              + " and does not approve its calls; somebody else must");
    }
    if (vote.approve() && request.review().approvedBy().contains(vote.approver())) {
      return Optional.of(
          vote.approver()
              + " approved "
              + request.id()
              + " already; it needs "
              + request.review().quorum()
              + " approvers");
    }
    if (vote.approve() && request.review().state() instanceof TargetState.Reading) {
      return Optional.of(
          "the present state of what approval "
              + request.id()
              + " is about is still being read; look at it again");
    }
    if (vote.approve() && request.review().state() instanceof TargetState.Unreadable(var why)) {
      return Optional.of(
          "the present state of what approval "
              + request.id()
              + " is about could not be read ("
              + why
              + "), so it can only be denied");
    }
    if (!vote.approve() && vote.reason().isBlank()) {
      return Optional.of("a denial needs a reason");
    }
    if (vote.reason().length() > REASON_LENGTH_MAX) {
      return Optional.of(
          "a reason has at most "
              + REASON_LENGTH_MAX
              + " characters, this has "
              + vote.reason().length());
    }
    return Optional.empty();
  }

  private static boolean isOwner(ApprovalRequest request, Vote vote) {
    return request.review().owner().strip().equalsIgnoreCase(vote.approver().strip());
  }

  private static boolean mayAnswer(ApprovalRequest request, Vote vote) {
    return request.approvers().isEmpty()
        || request.approvers().contains("user:" + vote.approver())
        || vote.groups().stream().anyMatch(group -> request.approvers().contains("group:" + group));
  }
}
