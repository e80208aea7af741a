package dev.gatehouse.mcp.jsonrpc;

import java.util.Map;
import java.util.Optional;

/** A JSON-RPC message of a client. */
public sealed interface Message {

  /**
   * A request.
   *
   * @param params the params as a plain JSON tree; empty when there are none
   */
  record Request(RequestId id, String method, Map<String, Object> params) implements Message {}

  /** A notification. */
  record Notification(String method, Map<String, Object> params) implements Message {}

  /**
   * A response to a request of ours.
   *
   * @param result the result as a plain JSON tree; empty beside an error
   * @param error the client's error; empty beside a result
   */
  record Response(RequestId id, Map<String, Object> result, Optional<RpcError> error)
      implements Message {}
}
