package dev.gatehouse.mcp.operations;

import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.util.Map;

/** What a tool call is answered with. */
sealed interface CallReply {

  /** A tool result, complete but for what the era adds. */
  record Result(Map<String, Object> result) implements CallReply {}

  /** A JSON-RPC error. */
  record Failure(RpcError error) implements CallReply {}

  /** Nothing: nobody waits for it any more. */
  record Nothing() implements CallReply {}
}
