package dev.gatehouse.connectors;

import dev.gatehouse.core.tool.ToolListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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

  /**
   * Subscribes to a resource, by the server's own URI; {@link ServerNews#resourceUpdated} hears of
   * it then. The stage never fails and completes by the time-out.
   */
  default CompletionStage<RpcReply> watch(RpcSession session, String uri, Duration timeout) {
    return CompletableFuture.completedStage(
        new RpcReply.NotSent("not_supported", "the server takes no subscriptions"));
  }

  /** Ends a subscription; as {@link #watch}. */
  default CompletionStage<RpcReply> unwatch(RpcSession session, String uri, Duration timeout) {
    return watch(session, uri, timeout);
  }

  /** Whether the server may ask something by a request of its own, which then is answered. */
  boolean hearsRequests();

  /** The request by which an idle server shows that it is well. */
  String pingMethod();
}
