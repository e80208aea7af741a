package dev.gatehouse.connectors;

import java.time.Duration;
import java.util.Map;

/**
 * A JSON-RPC request to be sent.
 *
 * @param meta members of {@code params._meta}, besides those of the era; none when empty
 * @param timeout how long to wait for the answer
 * @param events what hears of notifications that belong to the request
 * @param headers HTTP headers besides those of the protocol; stdio and the legacy era have none
 */
record RpcRequest(
    String method,
    Map<String, Object> params,
    Map<String, Object> meta,
    Duration timeout,
    RpcEvents events,
    Map<String, String> headers) {

  /** A request without headers of its own. */
  RpcRequest(
      String method,
      Map<String, Object> params,
      Map<String, Object> meta,
      Duration timeout,
      RpcEvents events) {
    this(method, params, meta, timeout, events, Map.of());
  }

  /** A request of the connector itself. */
  static RpcRequest of(String method, Map<String, Object> params, Duration timeout) {
    return new RpcRequest(method, params, Map.of(), timeout, RpcEvents.NONE);
  }
}
