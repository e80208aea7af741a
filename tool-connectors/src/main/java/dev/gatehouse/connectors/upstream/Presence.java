package dev.gatehouse.connectors.upstream;

import dev.gatehouse.connectors.catalog.Catalog;
import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.Offer;
import dev.gatehouse.connectors.offer.UpstreamEntry;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.connectors.rpc.UpstreamException;
import dev.gatehouse.connectors.rpc.Welcome;
import dev.gatehouse.core.tool.ConnectorHealth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others see of one upstream: its health, the session that takes calls, and what it offers in
 * the catalog. Its {@link Supervisor} changes it, anybody reads it. Thread-safe; what changes the
 * catalog may block on the pins.
 *
 * <p>STARTING → UP ⇄ DOWN, and from each of them → CLOSED, which is the end.
 */
final class Presence {

  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

  private final Catalog catalog;

  // Guarded by this, read without.
  private volatile McpServerConfig config;
  private volatile ConnectorHealth health =
      new ConnectorHealth(ConnectorHealth.State.STARTING, "connecting");
  private volatile @Nullable RpcSession current;
  private volatile CompletableFuture<RpcSession> upcoming = new CompletableFuture<>();
  private Offer offer = Offer.NONE;

  /** Whether a session is on its way that replaces one which the server forgot. */
  private volatile boolean renewing;

  Presence(McpServerConfig config, Catalog catalog) {
    this.config = config;
    this.catalog = catalog;
  }

  McpServerConfig config() {
    return config;
  }

  ConnectorHealth health() {
    return health;
  }

  /** The session that takes calls now. */
  Optional<RpcSession> session() {
    return Optional.ofNullable(current);
  }

  /** Whether a call may wait a moment for the next session rather than fail. */
  boolean renewing() {
    return renewing;
  }

  /** The session that follows {@code old}; fails when the try to open it fails. */
  CompletionStage<RpcSession> sessionAfter(Optional<RpcSession> old) {
    CompletableFuture<RpcSession> next = upcoming;
    RpcSession now = current;
    return now == null || Optional.of(now).equals(old)
        ? next
        : CompletableFuture.completedStage(now);
  }

  /** What it offers of that kind. */
  synchronized List<UpstreamEntry> offered(ListKind kind) {
    return offer.list(kind);
  }

  /** It is governed by another config from now on. */
  synchronized void govern(McpServerConfig other) {
    config = other;
    if (!closed() && !offer.isEmpty()) {
      catalog.put(other, offer);
    }
  }

  /** A session takes calls, and this is what it offers; false when it is closed. */
  boolean up(RpcSession session, Welcome welcome, Offer listed) {
    CompletableFuture<RpcSession> waiting;
    synchronized (this) {
      if (closed()) {
        return false;
      }
      offer = listed;
      current = session;
      renewing = false;
      waiting = upcoming;
      upcoming = new CompletableFuture<>();
      catalog.put(config, listed);
      health =
          new ConnectorHealth(
              ConnectorHealth.State.UP, welcome.server()); // last: who sees it finds tools
    }
    LOG.info("mcp {}: up with {} ({})", config.name(), listed.summary(), welcome.server());
    waiting.complete(session);
    return true;
  }

  /** It offers something else now. */
  synchronized void relist(Map<ListKind, List<UpstreamEntry>> fresh) {
    if (!closed()) {
      offer = offer.with(fresh);
      catalog.put(config, offer);
    }
  }

  /**
   * No session takes calls.
   *
   * @param soon whether that is only because the server forgot it, so that calls may wait
   */
  void sessionOver(boolean soon) {
    renewing = soon; // first: who finds no session then knows whether to wait
    current = null;
  }

  /** Nobody is to wait for the next session any more. */
  void giveUpUpcoming(String why) {
    renewing = false;
    CompletableFuture<RpcSession> waiting = upcoming;
    upcoming = new CompletableFuture<>();
    waiting.completeExceptionally(new UpstreamException(why));
  }

  /** It is down; false when it is closed. */
  synchronized boolean down(String why) {
    if (closed()) {
      return false;
    }
    if (!health.detail().equals(why)) {
      LOG.warn("mcp {}: down, {}", config.name(), why);
    }
    health = new ConnectorHealth(ConnectorHealth.State.DOWN, why);
    return true;
  }

  /** Takes what it offers out of the catalog, unless it is back. */
  synchronized void unlistIfAway() {
    if (current == null && !closed() && !offer.isEmpty()) {
      offer = Offer.NONE;
      catalog.put(config, offer);
    }
  }

  /** It is gone for good. */
  synchronized void close() {
    health = new ConnectorHealth(ConnectorHealth.State.CLOSED, "closed");
    offer = Offer.NONE;
    catalog.remove(config.name());
  }

  private boolean closed() {
    return health.state() == ConnectorHealth.State.CLOSED;
  }
}
