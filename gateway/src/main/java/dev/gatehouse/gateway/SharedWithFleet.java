package dev.gatehouse.gateway;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.fleet.FleetHealth;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.fleet.RedisFleet;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.llm.LlmGateway;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * What this process tells the others of its fleet and hears from them: orders to stop, what agents
 * do, grants, published policies, the health of providers and what was used up. A process without a
 * fleet is a fleet of one. Thread-safe.
 */
final class SharedWithFleet implements AutoCloseable {

  private final Optional<RedisFleet> fleet;
  private final FleetHealth health;
  private final NoteCarrier stops;
  private final String node;

  private SharedWithFleet(Optional<RedisFleet> fleet, String node) {
    this.fleet = fleet;
    this.node = node;
    this.health = fleet.isPresent() ? fleet.get() : FleetHealth.alone();
    this.stops = carrier(RedisFleet::stops);
  }

  /** Joins the fleet, if there is one; returns before it is reached. */
  static SharedWithFleet join(GatewayConfig config, AuditLog rows) {
    String node = config.audit().node();
    return new SharedWithFleet(
        config.fleet().map(found -> RedisFleet.start(found, processName(), node, rows)), node);
  }

  /** Shares what governs; once. */
  void share(Governing governing) {
    governing.governance().shareStops(stops);
    fleet.ifPresent(open -> governing.governance().shareActivity(open.activity()));
    governing.governance().shareGrants(carrier(RedisFleet::grants));
    governing.rules().share(carrier(RedisFleet::policies));
  }

  /** Shares what budgets have left; once. */
  void share(LlmGateway llm) {
    fleet.ifPresent(open -> llm.share(open.usage()));
  }

  /** The health of providers, as the fleet knows it. */
  FleetHealth health() {
    return health;
  }

  /** Whether it has heard what the fleet has stopped, or knows that it cannot. */
  boolean stopsKnown() {
    return stops.settled();
  }

  @Override
  public void close() {
    Steps.quietly("fleet", () -> fleet.ifPresent(RedisFleet::close));
  }

  private NoteCarrier carrier(Function<RedisFleet, NoteCarrier> of) {
    return fleet.map(of).orElseGet(() -> NoteCarrier.alone(node));
  }

  /** Tells this process from all others that meet it, restarted ones included. */
  private static String processName() {
    return UUID.randomUUID().toString();
  }
}
