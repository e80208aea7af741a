package dev.gatehouse.connectors.rpc;

import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.ListingNotes;
import dev.gatehouse.connectors.offer.UpstreamEntry;
import dev.gatehouse.core.tool.ToolListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** An era of MCP as a session speaks it. Thread-safe; methods return at once. */
public interface Dialect {

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
  CompletionStage<RpcReply> watch(RpcSession session, String uri, Duration timeout);

  /** Ends a subscription; as {@link #watch}. */
  CompletionStage<RpcReply> unwatch(RpcSession session, String uri, Duration timeout);

  /**
   * Takes note of the tools that the server lists now, and gives those that may be used.
   *
   * @param notes hears of the others
   */
  List<UpstreamEntry> listed(List<UpstreamEntry> tools, ListingNotes notes);

  /**
   * Has the server tell of changes, where it takes a request to be told.
   *
   * @param kinds the lists that matter
   * @param capabilities what the server declared
   * @return completes once the server tells, or when it turns out that it does not
   */
  CompletionStage<?> listen(
      RpcSession session, Set<ListKind> kinds, Map<String, Object> capabilities);

  /** Takes what the server asks by requests of its own. */
  ServerRequests requests();

  /** The request by which an idle server shows that it is well. */
  String pingMethod();
}
