package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.fleet.FleetStatus.Mode;
import dev.gatehouse.core.fleet.HealthListener;
import dev.gatehouse.core.fleet.NoteCarrier.Confirmation;
import dev.gatehouse.core.fleet.SharedNotes;
import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.fleet.FleetConfig;
import dev.gatehouse.fleet.FleetSecret;
import dev.gatehouse.fleet.RedisFleet;
import dev.gatehouse.policy.stop.LiveKillSwitch;
import dev.gatehouse.policy.stop.StopKeeper;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A kill switch and its way to Redis, as a gateway has them. */
final class StopNode implements AutoCloseable {

  private final MemoryAuditLog audit = new MemoryAuditLog();
  private final LiveKillSwitch killSwitch =
      new LiveKillSwitch(audit, new ManualClock(), StopKeeper.forgetful());
  private final RedisFleet fleet;

  StopNode(String name, int port) {
    this(name, port, Fleet.SECRET, Optional.empty());
  }

  StopNode(String name, int port, FleetSecret secret, Optional<FleetSecret> before) {
    FleetConfig like = FleetConfig.of(URI.create("redis://127.0.0.1:" + port), secret);
    FleetConfig config =
        new FleetConfig(
            like.redis(),
            Optional.empty(),
            Optional.empty(),
            secret,
            before,
            like.namespace(),
            Duration.ofSeconds(20),
            Duration.ofSeconds(2),
            like.syncEvery(),
            like.countEvery(),
            Duration.ofMillis(200),
            like.lease(),
            like.queueMax());
    fleet = RedisFleet.start(config, UUID.randomUUID().toString(), name, audit);
    killSwitch.share(fleet.stops());
    fleet.listen(new Deaf());
  }

  void untilConnected() {
    Fleet.until(
        "it has asked", () -> fleet.status().mode() == Mode.CONNECTED && fleet.stops().settled());
  }

  /** How many notes it ignored, as it says. */
  long forged() {
    return fleet.status().forged();
  }

  void untilDegraded() {
    Fleet.until("it misses Redis", () -> fleet.status().mode() == Mode.DEGRADED);
  }

  /** Tells the fleet that, sealed, whatever this one knows itself. */
  void tells(FleetNote note) {
    fleet
        .stops()
        .carry(
            new SharedNotes() {
              @Override
              public List<FleetNote> notes() {
                return List.of(note);
              }

              @Override
              public void heard(List<FleetNote> notes) {}
            });
  }

  String stop(StopScope scope) {
    var _ =
        killSwitch
            .stop(scope, "incident 7", "ann")
            .toCompletableFuture()
            .orTimeout(20, TimeUnit.SECONDS)
            .join();
    return String.valueOf(audit.rows("event").getLast().get("order"));
  }

  void lift(StopScope scope) {
    assertThat(
            killSwitch
                .lift(scope, "over", "bob")
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join())
        .isTrue();
  }

  List<StopScope> scopes() {
    return killSwitch.stops().stream().map(Stop::scope).toList();
  }

  List<Confirmation> confirmed(String id) {
    return fleet
        .stops()
        .confirmed(id, Duration.ofSeconds(20))
        .toCompletableFuture()
        .orTimeout(40, TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void close() {
    killSwitch.close();
    fleet.close();
  }

  /** Of no lane does it know anything. */
  private static final class Deaf implements HealthListener {
    @Override
    public void rests(String lane, Duration remaining) {}

    @Override
    public void serves(String lane) {}

    @Override
    public List<RestingLane> resting() {
      return List.of();
    }
  }
}
