package dev.gatehouse.fleet;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.fleet.FailureRule;
import dev.gatehouse.core.fleet.FleetHealth;
import dev.gatehouse.core.fleet.FleetStatus;
import dev.gatehouse.core.fleet.FleetStatus.Mode;
import dev.gatehouse.core.fleet.FleetSums;
import dev.gatehouse.core.fleet.HealthListener;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.fleet.ProbeAnswer;
import dev.gatehouse.fleet.RedisNotes.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The way of one process to its fleet, through Redis: found, lost and found again.
 *
 * <p>CONNECTING → CONNECTED when everything was read for the first time; CONNECTED → DEGRADED on
 * the first answer that does not come in time and on a lost connection; DEGRADED → CONNECTED when
 * everything was read anew and what this process still lets rest was told to a Redis that may have
 * forgotten it. While it is degraded nothing is sent but the tries to read, ever further apart, and
 * whoever asks is told at once to decide alone.
 *
 * <p>Its state changes on the {@link FleetLoop} only. What is told and heard by this way is each a
 * class of its own: {@link RedisHealth} of lanes, {@link RedisSums} of what is counted, {@link
 * RedisNotes} of orders.
 */
public final class RedisFleet implements FleetHealth, AutoCloseable {

  private static final Duration RETRY_LEAST = Duration.ofMillis(200);

  private final FleetConfig config;
  private final RedisLink link;
  private final FleetLoop loop;
  private final DegradationRows rows;
  private final String channel;
  private volatile Known known;
  private volatile boolean closed;
  private final RedisHealth health;
  private final RedisSums usage;
  private final RedisSums activity;
  private final ForgedNotes forged;
  private final RedisNotes stops;
  private final RedisNotes grants;
  private final RedisNotes policies;

  // on the loop only
  private long syncs;
  private Duration retryAfter = RETRY_LEAST;

  /** What other threads may read. */
  private record Known(
      Mode mode, String detail, long sinceNanos, long degradations, long recoveries) {}

  private RedisFleet(
      FleetConfig config,
      String node,
      String name,
      RedisLink link,
      FleetLoop loop,
      AuditLog audit) {
    this.config = config;
    this.link = link;
    this.loop = loop;
    this.rows = new DegradationRows(audit);
    this.channel = RedisHealth.channel(config);
    this.known = new Known(Mode.DEGRADED, "not connected yet", loop.nanos(), 0, 0);
    BooleanSupplier connected = () -> known.mode == Mode.CONNECTED && !closed;
    this.health = new RedisHealth(config, node, link, loop, connected, () -> !closed, this::lost);
    this.usage = new RedisSums("sums", config, node, link, loop, connected, this::lost);
    this.activity = new RedisSums("activity", config, node, link, loop, connected, this::lost);
    this.forged = new ForgedNotes(loop);
    this.stops =
        new RedisNotes(Kind.STOPS, config, node, name, link, loop, connected, this::lost, forged);
    this.grants =
        new RedisNotes(Kind.GRANTS, config, node, name, link, loop, connected, this::lost, forged);
    this.policies =
        new RedisNotes(
            Kind.POLICIES, config, node, name, link, loop, connected, this::lost, forged);
  }

  /**
   * Begins to look for Redis; returns at once.
   *
   * @param node tells this process from the others
   * @param name the same for people
   * @param audit takes a row when Redis is lost and one when it is found again
   */
  public static RedisFleet start(FleetConfig config, String node, String name, AuditLog audit) {
    return new RedisFleet(config, node, name, new LettuceLink(config), new ThreadLoop(), audit);
  }

  /** The same by that way to Redis, on that thread and time; both are closed with it. */
  public static RedisFleet start(
      FleetConfig config, String node, AuditLog audit, RedisLink link, FleetLoop loop) {
    return new RedisFleet(config, node, node, link, loop, audit);
  }

  @Override
  public void listen(HealthListener hearing) {
    loop.execute(
        () -> {
          health.listen(hearing);
          connect();
        });
  }

  /** What the fleet uses up of its limits, by the same way and as long as this one is open. */
  public FleetSums usage() {
    return usage;
  }

  /** What the fleet's agents did of late, likewise. */
  public FleetSums activity() {
    return activity;
  }

  /** What the fleet has stopped, likewise. */
  public NoteCarrier stops() {
    return stops;
  }

  /** The grants that the fleet has open, likewise. */
  public NoteCarrier grants() {
    return grants;
  }

  /** The policies that the fleet has published, likewise. */
  public NoteCarrier policies() {
    return policies;
  }

  @Override
  public FleetStatus status() {
    Known now = known;
    return new FleetStatus(
        now.mode,
        now.detail,
        Duration.ofNanos(Math.max(0, loop.nanos() - now.sinceNanos)),
        now.degradations,
        now.recoveries,
        health.unsent(),
        forged.count());
  }

  // --- told and asked from any thread ------------------------------------------------------------

  @Override
  public void failed(String lane, FailureRule rule) {
    health.failed(lane, rule);
  }

  @Override
  public void rest(String lane, Duration time) {
    health.rest(lane, time);
  }

  @Override
  public CompletionStage<ProbeAnswer> askToProbe(String lane) {
    return health.askToProbe(lane);
  }

  // --- finding Redis, losing it ------------------------------------------------------------------

  private void connect() {
    if (closed) {
      return;
    }
    link.open(
            channel,
            new RedisLink.Events() {
              @Override
              public void message(String text) {
                loop.execute(() -> news(text));
              }

              @Override
              public void lost(String why) {
                loop.execute(() -> RedisFleet.this.lost(why));
              }
            })
        .whenComplete(
            (_, failure) ->
                loop.execute(
                    () -> {
                      if (failure == null) {
                        readAll();
                      } else {
                        notFound(Exchange.reason(failure));
                      }
                    }));
  }

  private void news(String text) {
    Optional<RedisNotes> told =
        Stream.of(stops, grants, policies).filter(notes -> notes.isToldBy(text)).findFirst();
    if (told.isPresent()) {
      told.get().look();
    } else {
      health.news(text);
    }
  }

  private void readAll() {
    if (closed) {
      return;
    }
    health.read(
        this::found,
        why -> {
          if (known.mode == Mode.CONNECTED) {
            lost(why);
          } else {
            notFound(why);
          }
        });
  }

  private void found(List<Reply> resting) {
    Known before = known;
    boolean again = before.mode == Mode.DEGRADED && before.degradations > before.recoveries;
    if (before.mode == Mode.DEGRADED) {
      health.forgetVersions();
    }
    known =
        new Known(
            Mode.CONNECTED,
            "",
            loop.nanos(),
            before.degradations,
            before.recoveries + (again ? 1 : 0));
    retryAfter = RETRY_LEAST;
    stops.look();
    grants.look();
    policies.look();
    health.learn(resting);
    if (again) {
      rows.recovered(Duration.ofNanos(loop.nanos() - before.sinceNanos), health.unsent());
    }
    long turn = ++syncs;
    loop.after(
        config.syncEvery(),
        () -> {
          if (known.mode == Mode.CONNECTED && turn == syncs) {
            readAll();
          }
        });
  }

  private void lost(String why) {
    if (known.mode == Mode.CONNECTED) {
      degrade(why);
      tryAgain();
    }
  }

  /** The first try after the start failed, or one of those after a loss. */
  private void notFound(String why) {
    if (known.degradations == known.recoveries) {
      degrade(why);
    }
    tryAgain();
  }

  private void degrade(String why) {
    usage.away(); // before anybody can read that it is so
    Known before = known;
    known = new Known(Mode.DEGRADED, why, loop.nanos(), before.degradations + 1, before.recoveries);
    activity.away();
    stops.away();
    grants.away();
    policies.away();
    if (!closed) {
      rows.degraded(why);
    }
  }

  private void tryAgain() {
    Duration wait = retryAfter;
    Duration doubled = wait.multipliedBy(2);
    retryAfter = doubled.compareTo(config.retryMax()) < 0 ? doubled : config.retryMax();
    loop.after(wait, this::connect);
  }

  @Override
  public void close() {
    loop.execute(() -> closed = true);
    link.close();
    loop.close();
  }
}
