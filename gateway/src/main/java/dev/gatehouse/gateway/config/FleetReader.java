package dev.gatehouse.gateway.config;

import dev.gatehouse.fleet.FleetConfig;
import dev.gatehouse.fleet.FleetSecret;
import java.net.URI;
import java.util.Optional;

/** Reads {@code fleet}: where the processes of a fleet meet. */
final class FleetReader {

  private final Building building;

  FleetReader(Building building) {
    this.building = building;
  }

  Optional<FleetConfig> read(Section root) {
    Section fleet = root.section("fleet");
    return fleet.section("redis").has("url")
        ? building.attempt(fleet, () -> config(fleet))
        : Optional.empty();
  }

  private static FleetConfig config(Section fleet) {
    Section redis = fleet.section("redis");
    FleetConfig fallback =
        FleetConfig.of(
            URI.create(redis.text("url", "")),
            new FleetSecret("fleet.secret", fleet.text("secret", "")));
    return new FleetConfig(
        fallback.redis(),
        redis.optional("username"),
        redis.optional("password"),
        fallback.secret(),
        fleet.optional("secret_before").map(text -> new FleetSecret("fleet.secret_before", text)),
        fleet.text("namespace", fallback.namespace()),
        redis.duration("connect_timeout", fallback.connectTimeout()),
        redis.duration("command_timeout", fallback.commandTimeout()),
        redis.duration("sync_every", fallback.syncEvery()),
        redis.duration("count_every", fallback.countEvery()),
        redis.duration("retry_max", fallback.retryMax()),
        fleet.duration("lease", fallback.lease()),
        redis.integer("queue_max", fallback.queueMax()));
  }
}
