package dev.gatehouse.connectors.negotiation;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamEra;
import dev.gatehouse.connectors.http.HttpConversation;
import dev.gatehouse.connectors.http.HttpEndpoint;
import dev.gatehouse.connectors.legacy.LegacyConversation;
import dev.gatehouse.connectors.legacy.LegacyHandshake;
import dev.gatehouse.connectors.modern.ModernDialect;
import dev.gatehouse.connectors.modern.ModernDiscovery;
import dev.gatehouse.connectors.rpc.Dialect;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.connectors.rpc.UpstreamException;
import dev.gatehouse.connectors.rpc.Welcome;
import dev.gatehouse.connectors.rpc.WireEvents;
import dev.gatehouse.connectors.waits.Budget;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Agrees with one upstream on an era, session after session, and opens each conversation in it (MCP
 * 2026-07-28, "Versioning and Compatibility"). Of the supervisor's thread only; blocks.
 *
 * <p>With {@link UpstreamEra#AUTO} a server is asked by {@code server/discover} and, unless it says
 * that it is modern, by {@code initialize}. What it turned out to be holds until that fails. A
 * server that ends when it is asked is started anew and not asked again.
 */
public final class Negotiation {

  private final McpServerConfig config;
  private final Supplier<Dialect> modern;
  private UpstreamEra assumed;
  private boolean diedOfAsking;
  private boolean wasSpared;

  /**
   * @param current the upstream's session of now: a modern task outlives the session it began in
   */
  public Negotiation(McpServerConfig config, Vertx vertx, Supplier<Optional<RpcSession>> current) {
    this.config = config;
    this.modern = () -> new ModernDialect(config, vertx, current);
    this.assumed = config.era();
  }

  /** What a conversation over HTTP may turn out to need: its era is not known yet. */
  public static HttpConversation overHttp(
      McpServerConfig config, Vertx vertx, HttpEndpoint endpoint, WireEvents events) {
    return new LegacyConversation(config, vertx, endpoint, events);
  }

  /** Opens the conversation. */
  public Welcome open(RpcSession session, Budget budget) throws UpstreamException {
    return switch (assumed) {
      case LEGACY -> legacy(session, budget);
      case AUTO, MODERN -> asking(session, budget);
    };
  }

  /** Whether the latest try failed only because the server cannot bear to be asked; asked once. */
  public boolean takeDiedOfAsking() {
    boolean died = diedOfAsking;
    diedOfAsking = false;
    return died;
  }

  private Welcome asking(RpcSession session, Budget budget) throws UpstreamException {
    boolean onlyModern = config.era() == UpstreamEra.MODERN;
    Duration patience = onlyModern ? budget.left() : shorter(budget.left());
    session.speak(modern.get());
    return switch (ModernDiscovery.ask(session, patience)) {
      case ModernDiscovery.Finding.Modern(Welcome welcome) -> {
        if (!onlyModern) {
          assumed = UpstreamEra.MODERN;
        }
        yield welcome;
      }
      case ModernDiscovery.Finding.Legacy(boolean answered, String why) -> {
        if (onlyModern) {
          throw new UpstreamException(ModernDiscovery.METHOD + ": " + why);
        }
        yield fallBack(session, answered, budget);
      }
      case ModernDiscovery.Finding.Unusable(String why) ->
          throw new UpstreamException(ModernDiscovery.METHOD + ": " + why);
    };
  }

  private Welcome fallBack(RpcSession session, boolean answered, Budget budget)
      throws UpstreamException {
    if (session.dead()) {
      diedOfAsking = assumed == UpstreamEra.AUTO && !wasSpared;
      wasSpared = true;
      assumed = UpstreamEra.LEGACY;
      throw new UpstreamException(
          ModernDiscovery.METHOD + ": " + session.endedWhy().orElse("the connection ended"));
    }
    try {
      return legacy(session, budget);
    } catch (UpstreamException e) {
      if (answered || session.dead()) {
        throw e;
      }
      return slowButModern(session, budget, e); // it may just have been slow to start
    }
  }

  private Welcome slowButModern(RpcSession session, Budget budget, UpstreamException otherwise)
      throws UpstreamException {
    session.speak(modern.get());
    if (ModernDiscovery.ask(session, shorter(budget.left()))
        instanceof ModernDiscovery.Finding.Modern(Welcome welcome)) {
      assumed = UpstreamEra.MODERN;
      return welcome;
    }
    throw otherwise;
  }

  private Welcome legacy(RpcSession session, Budget budget) throws UpstreamException {
    boolean fixed = config.era() == UpstreamEra.LEGACY;
    try {
      Welcome welcome = LegacyHandshake.perform(config, session, budget);
      assumed = UpstreamEra.LEGACY;
      wasSpared = false;
      return welcome;
    } catch (UpstreamException e) {
      assumed = fixed ? UpstreamEra.LEGACY : UpstreamEra.AUTO;
      throw e;
    }
  }

  private Duration shorter(Duration left) {
    Duration probe = config.timeouts().probe();
    return left.compareTo(probe) < 0 ? left : probe;
  }
}
