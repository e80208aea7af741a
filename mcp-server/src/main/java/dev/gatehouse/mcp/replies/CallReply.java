package dev.gatehouse.mcp.replies;

import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.util.Map;

/** What a governed call is answered with. */
public sealed interface CallReply {

  /** The upstream's result, complete but for what the era adds. */
  record Result(Map<String, Object> result) implements CallReply {}

  /**
   * What the gateway says in place of a result: a tool's caller gets it as a result, so that the
   * model reads it; any other as an error, for there is no other place for it.
   *
   * @param words a tool result of one text
   */
  record Verdict(Map<String, Object> words) implements CallReply {}

  /** A JSON-RPC error. */
  record Failure(RpcError error) implements CallReply {}

  /** Nothing: nobody waits for it any more. */
  record Nothing() implements CallReply {}
}
