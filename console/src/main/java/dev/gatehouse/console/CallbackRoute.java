package dev.gatehouse.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.console.SignedCallbacks.Check;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.registry.Operator;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The way in for answers that a signing service hands in for a person. It has no operator's key and
 * is shown nothing of a question but where it stands.
 *
 * <p>The path is not signed, so the body names the approval again: what was said of one is said of
 * no other.
 */
final class CallbackRoute {

  static final String PREFIX = "/callbacks/approvals/";

  private static final int NAME_LENGTH_MAX = 128;

  private final SignedCallbacks callbacks;
  private final Approvals approvals;

  CallbackRoute(SignedCallbacks callbacks, Approvals approvals) {
    this.callbacks = callbacks;
    this.approvals = approvals;
  }

  /** Whether there is such a way at all. */
  boolean isOpen() {
    return callbacks.areTaken();
  }

  CompletionStage<Answer> answer(String path, MultiMap headers, Buffer body) {
    Check check =
        callbacks.check(
            header(headers, "webhook-id"),
            header(headers, "webhook-timestamp"),
            header(headers, "webhook-signature"),
            body.getBytes());
    return switch (check) {
      case Check.Refused(int status, String code, String message) ->
          CompletableFuture.completedStage(Answer.error(status, code, message));
      case Check.Genuine genuine ->
          vote(path.substring(PREFIX.length()), genuine, Json.object(body.getBytes()));
    };
  }

  private CompletionStage<Answer> vote(String id, Check.Genuine callback, ObjectNode body) {
    if (!Json.text(body, "approval").equals(id)) {
      throw new BadRequestException("approval in the body is the one of the path");
    }
    String approver = Json.text(body, "approver");
    @Nullable Operator operator = callback.speaksFor().get(approver);
    if (operator == null) {
      return CompletableFuture.completedStage(
          Answer.error(
              403,
              "approver_refused",
              "callback "
                  + callback.name()
                  + " does not speak for an operator '"
                  + approver.substring(0, Math.min(NAME_LENGTH_MAX, approver.length()))
                  + "'"));
    }
    Vote vote =
        new Vote(
            operator.name(),
            operator.groups(),
            isApproval(Json.text(body, "decision")),
            Json.text(body, "reason"),
            "callback:" + callback.name());
    return Votes.cast(approvals, id, vote, CallbackRoute::view);
  }

  private static boolean isApproval(String decision) {
    return switch (decision) {
      case "approve" -> true;
      case "deny" -> false;
      default -> throw new BadRequestException("decision is 'approve' or 'deny'");
    };
  }

  private static Map<String, Object> view(ApprovalRequest request) {
    return Map.of(
        "approval", request.id().value(),
        "state", request.state().name().toLowerCase(Locale.ROOT),
        "approved_by", request.review().approvedBy(),
        "quorum", request.review().quorum());
  }

  /** A header that decides comes once. */
  private static String header(MultiMap headers, String name) {
    List<String> values = headers.getAll(name);
    return values.size() == 1 ? values.getFirst() : "";
  }
}
