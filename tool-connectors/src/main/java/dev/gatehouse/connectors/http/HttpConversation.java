package dev.gatehouse.connectors.http;

import dev.gatehouse.connectors.rpc.PendingCall;

/**
 * What an era shares between the POSTs of one conversation. A request that {@linkplain
 * dev.gatehouse.connectors.rpc.Envelope#standsAlone stands alone} has no part in it.
 */
public interface HttpConversation {

  /** The conversation's part in that POST. Returns at once; any thread. */
  HttpTurn turn(PendingCall call);

  /** Its opening is done, with that protocol version. Returns at once; any thread. */
  void ready(String protocolVersion);

  /** Ends it with the server, and frees what it holds. Blocks. */
  void close();
}
