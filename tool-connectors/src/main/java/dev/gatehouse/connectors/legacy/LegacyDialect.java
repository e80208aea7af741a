package dev.gatehouse.connectors.legacy;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.ListingNotes;
import dev.gatehouse.connectors.offer.UpstreamEntry;
import dev.gatehouse.connectors.rpc.Dialect;
import dev.gatehouse.connectors.rpc.Envelope;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcRequest;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.connectors.rpc.ServerRequests;
import dev.gatehouse.core.tool.ToolListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** MCP up to 2025-11-25: sessions, requests in both directions, one answer to each. */
final class LegacyDialect implements Dialect {

  private final ServerRequests requests;

  LegacyDialect(McpServerConfig config, RpcSession session) {
    this.requests = new LegacyRequests(config, session);
  }

  @Override
  public Envelope envelope(RpcRequest request) {
    return new Envelope(request.meta(), Map.of(), false);
  }

  @Override
  public CompletionStage<RpcReply> perform(
      RpcSession session, RpcRequest request, ToolListener caller) {
    PendingCall pending = session.send(request);
    caller
        .cancelled()
        .thenAccept(_ -> session.cancel(pending, "cancelled", "the caller cancelled it"));
    return pending.reply();
  }

  @Override
  public CompletionStage<RpcReply> watch(RpcSession session, String uri, Duration timeout) {
    return session.send(RpcRequest.of("resources/subscribe", Map.of("uri", uri), timeout)).reply();
  }

  @Override
  public CompletionStage<RpcReply> unwatch(RpcSession session, String uri, Duration timeout) {
    return session
        .send(RpcRequest.of("resources/unsubscribe", Map.of("uri", uri), timeout))
        .reply();
  }

  @Override
  public List<UpstreamEntry> listed(List<UpstreamEntry> tools, ListingNotes notes) {
    return tools;
  }

  /** It tells of changes of its own accord. */
  @Override
  public CompletionStage<?> listen(
      RpcSession session, Set<ListKind> kinds, Map<String, Object> capabilities) {
    return CompletableFuture.completedStage(session);
  }

  @Override
  public ServerRequests requests() {
    return requests;
  }

  @Override
  public String pingMethod() {
    return "ping";
  }
}
