package dev.gatehouse.console;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** People's answers, whichever way they come in. */
final class Votes {

  private Votes() {}

  /**
   * Hands an answer in.
   *
   * @param id as the request has it
   * @param view what whoever hands it in is shown of the question
   */
  static CompletionStage<Answer> cast(
      Approvals approvals,
      String id,
      Vote vote,
      Function<ApprovalRequest, Map<String, Object>> view) {
    Optional<ApprovalId> approval = id(id);
    if (approval.isEmpty()) {
      return CompletableFuture.completedStage(unknown(id));
    }
    return approvals
        .vote(approval.get(), vote)
        .thenApply(
            result ->
                switch (result) {
                  case VoteResult.Settled(ApprovalRequest request) ->
                      Answer.ok(view.apply(request));
                  case VoteResult.Counted(ApprovalRequest request) ->
                      Answer.ok(view.apply(request));
                  case VoteResult.Rejected(String message) ->
                      Answer.error(409, "vote_rejected", message);
                  case VoteResult.Unknown() -> unknown(id);
                });
  }

  /** The id in a path; empty when it is none. */
  static Optional<ApprovalId> id(String text) {
    return text.matches("apr_[A-Za-z0-9_-]{1,60}")
        ? Optional.of(new ApprovalId(text))
        : Optional.empty();
  }

  static Answer unknown(String id) {
    return Answer.error(
        404,
        "not_found",
        "no approval " + id.substring(0, Math.min(64, id.length())) + " is remembered");
  }
}
