package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.Approvals.Vote;
import java.util.Locale;
import java.util.Optional;

/** Which answers count. */
final class Ballot {

  private Ballot() {}

  /** Why this answer does not count; empty when it does. */
  static Optional<String> objection(ApprovalRequest request, Vote vote, int reasonLengthMax) {
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
    if (!vote.approve() && vote.reason().isBlank()) {
      return Optional.of("a denial needs a reason");
    }
    if (vote.reason().length() > reasonLengthMax) {
      return Optional.of(
          "a reason has at most "
              + reasonLengthMax
              + " characters, this has "
              + vote.reason().length());
    }
    return Optional.empty();
  }

  private static boolean mayAnswer(ApprovalRequest request, Vote vote) {
    return request.approvers().isEmpty()
        || request.approvers().contains("user:" + vote.approver())
        || vote.groups().stream().anyMatch(group -> request.approvers().contains("group:" + group));
  }
}
