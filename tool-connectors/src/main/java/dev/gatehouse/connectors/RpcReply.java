package dev.gatehouse.connectors;

import java.util.Map;

/** What came of one JSON-RPC request. */
sealed interface RpcReply {

  /** The upstream answered with a result. */
  record Result(Map<String, Object> value) implements RpcReply {}

  /** The upstream answered with a JSON-RPC error. */
  record RpcError(long code, String message) implements RpcReply {}

  /**
   * The request certainly had no effect: it never left, or the upstream turned it away unread.
   *
   * @param kind a stable name for the record, such as {@code connector_down}
   */
  record NotSent(String kind, String why) implements RpcReply {}

  /**
   * The upstream no longer knows the session. The request certainly had no effect, and a new
   * session may carry it.
   */
  record SessionGone() implements RpcReply {}

  /** The request left, and no usable answer came: whether it had an effect is unknown. */
  record Lost(String why) implements RpcReply {}
}
