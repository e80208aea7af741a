package dev.gatehouse.llm;

import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.registry.Authenticator;
import dev.gatehouse.llm.adapter.Adapters;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.failover.Healths;
import dev.gatehouse.llm.failover.LaneStatus;
import dev.gatehouse.llm.failover.Routes;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The LLM router as the event loops share it: the config in force, the lanes' health, the Gate.
 * Thread-safe.
 *
 * <p>Make one, then {@link #endpoint} on each event loop.
 */
public final class LlmGateway {

  private final Gate gate;
  private final Authenticator authenticator;
  private final Clock clock;
  private final Healths healths;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Adapters adapters = new Adapters();
  private final StoredResponses responses = new StoredResponses();
  private volatile Routes routes;

  private LlmGateway(LlmConfig config, Gate gate, Authenticator authenticator, Clock clock) {
    this.gate = gate;
    this.authenticator = authenticator;
    this.clock = clock;
    this.healths = new Healths(clock);
    this.routes = new Routes(config, healths);
  }

  /** Makes the router; it opens no connection before the first call. */
  public static LlmGateway create(
      LlmConfig config, Gate gate, Authenticator authenticator, Clock clock) {
    return new LlmGateway(config, gate, authenticator, clock);
  }

  /** The endpoints of the calling event loop; call it on that loop, as in a verticle's start. */
  public LlmEndpoint endpoint(Vertx vertx) {
    return new Endpoint(this, vertx);
  }

  /**
   * Puts a new config in force at once. Requests in flight finish on the old one; providers that
   * stay as they were keep their health.
   */
  public void replace(LlmConfig config) {
    routes = new Routes(config, healths);
  }

  /** How the lanes stand that were used so far or that routes name. */
  public List<LaneStatus> health() {
    return healths.statuses();
  }

  /** Requests that are being served now. */
  public int requestsInFlight() {
    return inFlight.get();
  }

  Gate gate() {
    return gate;
  }

  Authenticator authenticator() {
    return authenticator;
  }

  Clock clock() {
    return clock;
  }

  Adapters adapters() {
    return adapters;
  }

  StoredResponses responses() {
    return responses;
  }

  Routes routes() {
    return routes;
  }

  /** Takes one of the places for requests in flight; whoever gets one gives it back. */
  boolean enter(int max) {
    if (inFlight.incrementAndGet() <= max) {
      return true;
    }
    inFlight.decrementAndGet();
    return false;
  }

  void leave() {
    inFlight.decrementAndGet();
  }
}
