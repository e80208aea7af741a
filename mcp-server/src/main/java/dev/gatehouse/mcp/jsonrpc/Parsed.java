package dev.gatehouse.mcp.jsonrpc;

import java.util.Optional;

/** What became of a body. */
public sealed interface Parsed {

  /** A message. */
  record Valid(Message message) implements Parsed {}

  /**
   * No message.
   *
   * @param id the request's id, where it could be read
   */
  record Invalid(Optional<RequestId> id, RpcError error) implements Parsed {}
}
