package dev.gatehouse.mcp.calls;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.replies.CallReply;
import dev.gatehouse.mcp.replies.ResultMeta;
import dev.gatehouse.mcp.replies.Results;
import dev.gatehouse.mcp.waiting.Caller;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Answers of calls that the Gate refused. */
final class Refusals {

  private Refusals() {}

  /** Answers once the refusal's row is durable, or has failed: then it is refused all the same. */
  static void answer(GovernedCall call, Refused refused, Caller caller, Consumer<CallReply> then) {
    answer(call, refused, "", caller, then);
  }

  /**
   * The same, for a call whose arguments were looked at.
   *
   * @param misfit what does not fit of them, when that is why it is refused
   */
  static void answer(
      GovernedCall call, Refused refused, String misfit, Caller caller, Consumer<CallReply> then) {
    Map<String, Object> result =
        refused.decision().reason().rule().equals(ArgumentsCheck.RULE)
            ? Results.misfit(refused.decision(), misfit)
            : Results.refused(refused.decision(), refused.risk());
    if (refused.intent().isEmpty()) {
      then.accept(new CallReply.Verdict(result));
      return;
    }
    if (refused.decision().reason().rule().equals(Reason.INSUFFICIENT_SCOPE)) {
      CallReply challenge = insufficient(call, refused.decision().reason());
      caller.await(refused.intent().get().durable(), (_, _) -> then.accept(challenge));
      return;
    }
    caller.await(
        refused.intent().get().durable(),
        (receipt, _) ->
            then.accept(
                new CallReply.Verdict(
                    receipt == null
                        ? result
                        : ResultMeta.withReceipt(result, call.id(), receipt))));
  }

  /** Answers that a person must approve first, once that is on record. */
  static void answer(
      GovernedCall call,
      Pending pending,
      CallParts parts,
      Caller caller,
      Consumer<CallReply> then) {
    Map<String, Object> words =
        Results.pending(pending.request(), parts.config().get().approvalHint());
    caller.await(
        pending.intent().durable(),
        (receipt, _) ->
            then.accept(receipt == null ? unrecorded(call) : new CallReply.Verdict(words)));
  }

  /** A client answers this by getting another token, so it is no result for the model to read. */
  private static CallReply insufficient(GovernedCall call, Reason reason) {
    List<String> needed =
        call.principal()
            .scopes()
            .flatMap(scopes -> scopes.neededFor(call))
            .map(List::of)
            .orElse(List.of());
    return new CallReply.Failure(RpcError.insufficientScope(reason.message(), needed));
  }

  /** A call whose question to a person could not be recorded. */
  static CallReply unrecorded(GovernedCall call) {
    return new CallReply.Failure(
        RpcError.internal(
            "the audit log could not record this call, so it was not carried out (call "
                + call.id()
                + ")"));
  }
}
