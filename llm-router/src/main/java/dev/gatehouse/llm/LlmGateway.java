package dev.gatehouse.llm;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.fleet.FleetHealth;
import dev.gatehouse.core.fleet.FleetSums;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.limit.LimitStatus;
import dev.gatehouse.core.limit.Limits;
import dev.gatehouse.core.limit.UsageFile;
import dev.gatehouse.core.registry.Authenticator;
import dev.gatehouse.core.route.ProviderOrders;
import dev.gatehouse.llm.adapter.Adapters;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.failover.Healths;
import dev.gatehouse.llm.failover.LaneStatus;
import dev.gatehouse.llm.failover.Routes;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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
  private final RandomGenerator random = new Random();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Adapters adapters = new Adapters();
  private final Limits limits;
  private final StoredResponses responses = new StoredResponses();
  private volatile Routes routes;
  private volatile @Nullable LiveOrders orders;
  private volatile @Nullable RoutingRows record;
  private volatile int answerBytesKept;

  private LlmGateway(
      LlmConfig config,
      Gate gate,
      Authenticator authenticator,
      Clock clock,
      Limits limits,
      Healths healths) {
    this.gate = gate;
    this.authenticator = authenticator;
    this.clock = clock;
    this.healths = healths;
    this.routes = new Routes(config, healths);
    this.limits = limits;
    replaceLimits(config);
  }

  private void replaceLimits(LlmConfig config) {
    limits.replaceOfModels(config.metering().limits(), config.metering().countersMax());
  }

  /** Makes the router; it opens no connection before the first call. */
  public static LlmGateway create(
      LlmConfig config, Gate gate, Authenticator authenticator, Clock clock) {
    return new LlmGateway(
        config,
        gate,
        authenticator,
        clock,
        new Limits(clock, System::nanoTime),
        new Healths(clock));
  }

  /**
   * Makes the router of a process in a fleet.
   *
   * @param fleet shares the providers' health; {@link FleetHealth#alone} for a process by itself
   * @param ticker nanoseconds since some moment, by which rests are measured
   * @param limits counts what is used up
   */
  public static LlmGateway create(
      LlmConfig config,
      Gate gate,
      Authenticator authenticator,
      Clock clock,
      LongSupplier ticker,
      FleetHealth fleet,
      Limits limits) {
    return new LlmGateway(
        config, gate, authenticator, clock, limits, new Healths(clock, ticker, fleet));
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
    LiveOrders live = orders;
    replaceLimits(config);
    inForce(live == null ? config : live.over(config));
  }

  /** Puts exactly that in force. */
  void inForce(LlmConfig config) {
    Routes next = new Routes(config, healths);
    RoutingRows rows = record;
    if (rows != null) {
      rows.inForce(next.record());
    }
    routes = next;
  }

  /**
   * Puts on record what decides where calls go, now and with every change, before the first call
   * that it decides; once, before the first reload. Without it calls cannot be decided again.
   */
  public void keepRoutings(AuditLog audit) {
    RoutingRows rows = new RoutingRows(audit);
    record = rows;
    rows.inForce(routes.record());
  }

  /**
   * Lets operators change the order of providers from now on; once, before the first reload.
   *
   * @param audit takes a row before a change is in force
   */
  public ProviderOrders orders(AuditLog audit) {
    LiveOrders live = new LiveOrders(this, audit, routes.config());
    orders = live;
    return live;
  }

  /**
   * Lets outcome rows bring streamed answers along, for a log that keeps bodies; once, before the
   * first call. Whole answers they bring anyway.
   *
   * @param bytesMax the longest that the log keeps; of each stream so much is held in memory
   */
  public void keepAnswers(int bytesMax) {
    answerBytesKept = bytesMax + 1; // by one more the log sees that it is too long
  }

  int answerBytesKept() {
    return answerBytesKept;
  }

  /** How the lanes stand that were used so far or that routes name. */
  public List<LaneStatus> health() {
    return healths.statuses();
  }

  /** Shares with a fleet what is used up of limits; once. */
  public void share(FleetSums fleet) {
    limits.share(fleet);
  }

  /**
   * Keeps what is used up of days and months in that file, and reads what it holds; once, before
   * the first call. Blocks.
   *
   * @return to be closed when the last call is over
   * @throws IOException when the file is there and cannot be read whole
   */
  public UsageFile keepUsage(Path file) throws IOException {
    return UsageFile.open(file, limits);
  }

  /** How the limits of usage stand. */
  public List<LimitStatus> usage() {
    return limits.statuses();
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

  /** Draws orders and jitter; thread-safe. */
  RandomGenerator random() {
    return random;
  }

  Clock clock() {
    return clock;
  }

  Adapters adapters() {
    return adapters;
  }

  Limits limits() {
    return limits;
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
