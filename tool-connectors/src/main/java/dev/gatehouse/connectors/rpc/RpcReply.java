package dev.gatehouse.connectors.rpc;

import dev.gatehouse.core.tool.ClientRefusedException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of one JSON-RPC request. */
public sealed interface RpcReply {

  /** The upstream answered with a result. */
  record Result(Map<String, Object> value) implements RpcReply {}

  /**
   * The upstream answered with a JSON-RPC error.
   *
   * @param data a plain JSON tree; null when there is none
   */
  record RpcError(long code, String message, @Nullable Object data) implements RpcReply {}

  /** The upstream asked for input before it goes on, and the caller's side gave none. */
  record Unanswered(ClientRefusedException cause) implements RpcReply {}

  /**
   * The request certainly had no effect: it never left, or the upstream turned it away unread.
   *
   * @param kind a stable name for the record, such as {@code connector_down}
   */
  record NotSent(String kind, String why) implements RpcReply {

    /** The kind of a request that was turned away for no reason that has a kind of its own. */
    public static final String REFUSED = "upstream_refused";
  }

  /**
   * The upstream no longer knows the session. The request certainly had no effect, and a new
   * session may carry it.
   */
  record SessionGone() implements RpcReply {}

  /** The request left, and no usable answer came: whether it had an effect is unknown. */
  record Lost(String why) implements RpcReply {

    /** Why, of an answer beyond the limit. */
    public static String tooLongText(int messageBytesMax) {
      return "the answer is longer than messageBytesMax ("
          + messageBytesMax
          + ") and was discarded";
    }
  }
}
