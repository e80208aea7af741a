package dev.gatehouse.mcp.outcomes;

import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.mcp.jsonrpc.MessageWriter;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.replies.CallReply;
import dev.gatehouse.mcp.replies.ResultMeta;
import dev.gatehouse.mcp.replies.Results;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of an approved call that reached no client.
 *
 * @param call what was carried out, without the arguments: their digest remains
 * @param rule what permitted it
 * @param bytes of the reply as JSON text; 0 of a text that stands for it
 * @param until when it may be told
 */
public record Untold(
    CallBinding binding,
    GovernedCall call,
    String rule,
    CallReply reply,
    int bytes,
    Instant until) {

  /** The outcome of that grant's call. */
  static Untold of(ExecutionGrant grant, CallReply reply, Instant until) {
    return new Untold(
        CallBinding.of(grant.call()),
        like(grant.call(), grant.call().id(), grant.call().principal()),
        grant.permit().reason().rule(),
        reply,
        bytes(reply),
        until);
  }

  /** The same call once more, by who asks for its outcome. */
  public GovernedCall askedFor(CallId id, Principal by) {
    return like(call, id, by);
  }

  /** The reply as the call gets it that asks again; it names the row that says so. */
  public CallReply toldTo(CallId again, AuditReceipt receipt) {
    return switch (reply) {
      case CallReply.Result(var result) ->
          new CallReply.Result(ResultMeta.replayed(result, again, receipt));
      case CallReply.Verdict(var words) ->
          new CallReply.Verdict(ResultMeta.replayed(words, again, receipt));
      case CallReply.Failure(var error) -> {
        Map<String, Object> data = new LinkedHashMap<>(error.data());
        data.put(ResultMeta.REPLAY, ResultMeta.receipt(again, receipt));
        yield new CallReply.Failure(new RpcError(error.code(), error.message(), data));
      }
      case CallReply.Nothing() -> reply;
    };
  }

  /** A text in its place, which says that the call was carried out. */
  Untold inWords(int bytesMax) {
    CallReply words =
        switch (reply) {
          case CallReply.Result(var result) ->
              new CallReply.Result(Results.tooLong(result, text(result.get("_meta"), bytesMax)));
          case CallReply.Verdict(var result) ->
              new CallReply.Verdict(Results.tooLong(result, text(result.get("_meta"), bytesMax)));
          case CallReply.Failure(var error) ->
              new CallReply.Failure(
                  new RpcError(error.code(), text(error.data(), bytesMax), Map.of()));
          case CallReply.Nothing() -> reply;
        };
    return new Untold(binding, call, rule, words, 0, until);
  }

  private String text(@Nullable Object meta, int bytesMax) {
    String recorded =
        meta instanceof Map<?, ?> members
                && members.get(ResultMeta.AUDIT) instanceof Map<?, ?> receipt
            ? " (recorded as " + receipt.get("stream") + "/" + receipt.get("seq") + ")"
            : "";
    return "EXECUTED as call "
        + call.id()
        + recorded
        + ". Nobody was there to be told, and its outcome of "
        + bytes
        + " bytes was too long to keep (outcomeBytesPerAgentMax "
        + bytesMax
        + "). Do not repeat the call for its outcome only: it would be carried out once more.";
  }

  private static int bytes(CallReply reply) {
    return switch (reply) {
      case CallReply.Result(var result) -> MessageWriter.notification("", result).length;
      case CallReply.Verdict(var words) -> MessageWriter.notification("", words).length;
      case CallReply.Failure(var error) -> MessageWriter.error(Optional.empty(), error).length;
      case CallReply.Nothing() -> 0;
    };
  }

  private static GovernedCall like(GovernedCall call, CallId id, Principal by) {
    return switch (call) {
      case ToolCall tool ->
          new ToolCall(
              id,
              by,
              tool.session(),
              tool.tool(),
              Map.of(),
              tool.digest(),
              tool.deadline(),
              tool.trace());
      case ContextCall context -> context;
      case ModelCall model -> model;
    };
  }
}
