package dev.gatehouse.connectors;

import dev.gatehouse.core.tool.ToolListener;
import java.util.concurrent.CompletionStage;

/** An era of MCP as a session speaks it. Thread-safe; methods return at once. */
interface Dialect {

  /** What it puts around that request. */
  Envelope envelope(RpcRequest request);

  /**
   * Makes a caller's request and follows it to its end: questions, tasks and cancellation included.
   * The stage never fails and completes by the request's time-out.
   */
  CompletionStage<RpcReply> perform(RpcSession session, RpcRequest request, ToolListener caller);

  /** Whether the server may ask something by a request of its own, which then is answered. */
  boolean hearsRequests();

  /** The request by which an idle server shows that it is well. */
  String pingMethod();
}
