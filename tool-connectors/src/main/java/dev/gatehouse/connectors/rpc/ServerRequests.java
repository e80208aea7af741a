package dev.gatehouse.connectors.rpc;

import java.util.Map;
import java.util.Optional;

/**
 * Takes the requests that a server makes of its own, in an era that has such, and hears of what
 * they depend on. Thread-safe; methods return at once.
 */
public interface ServerRequests {

  /** Of an era in which a server asks nothing by itself. */
  ServerRequests NONE = new ServerRequests() {};

  /**
   * The server asks.
   *
   * @param id of its request: a number or a text
   * @param exchange the request in whose exchange it asks; empty when it asks outside of all
   * @return whether that is answered, now or later; false where the era has no such requests
   */
  default boolean asked(
      Object id, String method, Map<String, Object> params, Optional<PendingCall> exchange) {
    return false;
  }

  /** The server takes back what it asked by that id. */
  default void withdrawn(Object id) {}

  /** A request that had left was given up: the server may go on with it, and ask about it. */
  default void givenUp(PendingCall call) {}

  /** A request was answered after it had been given up: the server is done with it. */
  default void answeredLate(long id) {}

  /** The server refused a caller's request. */
  default void refused(RpcReply.RpcError error, CallerEvents caller) {}

  /** The server says that what it sent somebody to a URL for is done. */
  default void elicitationComplete(String elicitationId) {}
}
