package dev.gatehouse.mcp.replies;

import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.requests.Delivery;
import dev.gatehouse.mcp.requests.Replier;
import dev.gatehouse.mcp.tasks.Task;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gives the answer of a call to who waits for it. */
public final class CallReplies {

  private CallReplies() {}

  /**
   * Answers a request; nothing to one that was cancelled. Called on the request's loop.
   *
   * @param ofTool whether a tool was called
   * @param delivery hears what came of it
   */
  public static void send(CallReply reply, boolean ofTool, Replier to, Delivery delivery) {
    if (to.isCancelled()) {
      to.silence();
      delivery.lost();
      return;
    }
    switch (reply) {
      case CallReply.Result(var result) -> to.result(result);
      case CallReply.Verdict(var words) when ofTool -> to.result(words);
      case CallReply.Verdict(var words) -> to.error(Results.asError(words));
      case CallReply.Failure(var error) -> to.error(error);
      case CallReply.Nothing() -> to.silence();
    }
    to.report(delivery);
  }

  /**
   * Ends a task. One that was cancelled but came to a good result all the same shows it: what it
   * did is done.
   *
   * @param cancelled why the client cancelled; empty when it did not
   */
  public static void settle(Task task, CallReply reply, String cancelled) {
    switch (reply) {
      case CallReply.Result(var result)
          when cancelled.isEmpty() || !Boolean.TRUE.equals(result.get("isError")) ->
          task.completed(result);
      case CallReply.Result _ -> task.cancelled(cancelled);
      case CallReply.Verdict(var words) -> task.completed(words);
      case CallReply.Failure _ when !cancelled.isEmpty() -> task.cancelled(cancelled);
      case CallReply.Failure(var error) -> task.failed(tree(error));
      case CallReply.Nothing() ->
          task.cancelled(cancelled.isEmpty() ? "nobody waits for it" : cancelled);
    }
  }

  private static Map<String, Object> tree(RpcError error) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("code", error.code());
    tree.put("message", error.message());
    if (!error.data().isEmpty()) {
      tree.put("data", error.data());
    }
    return tree;
  }
}
