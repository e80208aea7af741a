package dev.gatehouse.failover.simulation;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.fleet.FleetStatus;
import dev.gatehouse.fleet.FleetLoop;
import dev.gatehouse.fleet.RedisFleet;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.failover.Healths;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.failover.LaneStatus;
import dev.gatehouse.llm.failover.Routes;
import dev.gatehouse.llm.wire.Api;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One gateway process: the parts that decide who is asked, on the world's time. */
final class Peer {

  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  private final World world;
  private final int number;
  private final SimulatedLink link;
  private final RedisFleet fleet;
  private final Healths healths;
  private final Routes routes;
  private final Random random;
  private final long tickerStart;
  private long degradedRows;
  private long recoveredRows;
  private boolean alive = true;

  Peer(World world, int number, String name, SplittableRandom seeds) {
    this.world = world;
    this.number = number;
    this.link = new SimulatedLink(world, number, seeds.split());
    this.random = new Random(seeds.nextLong());
    this.tickerStart = seeds.nextLong(1L << 40);
    this.fleet = RedisFleet.start(World.FLEET, name, new Rows(), link, new Loop());
    this.healths = new Healths(new SkewedClock(), this::ticker, fleet);
    this.routes = new Routes(World.CONFIG, healths);
  }

  private long ticker() {
    return world.time().nanos() + tickerStart;
  }

  int number() {
    return number;
  }

  Random random() {
    return random;
  }

  boolean alive() {
    return alive;
  }

  SimulatedLink link() {
    return link;
  }

  boolean connected() {
    return fleet.status().mode() == FleetStatus.Mode.CONNECTED;
  }

  List<Lane> lanes() {
    ModelRoute route = routes.find("m", Api.CHAT).orElseThrow();
    return routes.lanes(route, "m", random);
  }

  List<LaneStatus> statuses() {
    return healths.statuses();
  }

  void kill() {
    alive = false;
    fleet.close();
  }

  /** One row when the fleet is lost, one when it is found, by turns. */
  void checkRows() {
    FleetStatus status = fleet.status();
    boolean lost = status.degradations() > status.recoveries();
    if (degradedRows != status.degradations()
        || recoveredRows != status.recoveries()
        || degradedRows - recoveredRows != (lost ? 1 : 0)) {
      throw new Violation(
          "process "
              + number
              + " wrote "
              + degradedRows
              + " rows of losing the fleet and "
              + recoveredRows
              + " of finding it, and says "
              + status);
    }
  }

  private final class Rows implements AuditLog {
    @Override
    public CompletionStage<AuditReceipt> append(AuditRow row) {
      if ("fleet.degraded".equals(row.fields().get("event"))) {
        degradedRows++;
      } else {
        recoveredRows++;
      }
      return CompletableFuture.completedFuture(new AuditReceipt("sim", 0, ""));
    }
  }

  private final class Loop implements FleetLoop {

    @Override
    public void execute(Runnable task) {
      after(Duration.ZERO, task);
    }

    @Override
    public void after(Duration delay, Runnable task) {
      world
          .time()
          .after(
              delay,
              () -> {
                if (alive) {
                  task.run();
                }
              });
    }

    @Override
    public long nanos() {
      return ticker();
    }

    @Override
    public void close() {}
  }

  private final class SkewedClock extends Clock {

    @Override
    public Instant instant() {
      return EPOCH.plusNanos(world.time().nanos()).plusMillis(world.skewMs(number));
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
