package dev.gatehouse.connectors.rpc;

import java.time.Duration;
import java.util.Map;

/**
 * A JSON-RPC request to be sent.
 *
 * @param meta members of {@code params._meta}, besides those of the era; none when empty
 * @param timeout how long to wait for the answer
 * @param events what hears of notifications that belong to the request
 */
public record RpcRequest(
    String method,
    Map<String, Object> params,
    Map<String, Object> meta,
    Duration timeout,
    RpcEvents events) {

  /** A request of the connector itself. */
  public static RpcRequest of(String method, Map<String, Object> params, Duration timeout) {
    return new RpcRequest(method, params, Map.of(), timeout, QuietEvents.NONE);
  }
}
