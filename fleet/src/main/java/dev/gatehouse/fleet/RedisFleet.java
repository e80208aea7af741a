package dev.gatehouse.fleet;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.fleet.FailureRule;
import dev.gatehouse.core.fleet.FleetHealth;
import dev.gatehouse.core.fleet.FleetStatus;
import dev.gatehouse.core.fleet.FleetStatus.Mode;
import dev.gatehouse.core.fleet.FleetSums;
import dev.gatehouse.core.fleet.HealthListener;
import dev.gatehouse.core.fleet.HealthListener.RestingLane;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.fleet.ProbeAnswer;
import dev.gatehouse.fleet.RedisNotes.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The fleet's health through Redis.
 *
 * <p>CONNECTING → CONNECTED when everything was read for the first time; CONNECTED → DEGRADED on
 * the first answer that does not come in time and on a lost connection; DEGRADED → CONNECTED when
 * everything was read anew and what this process still lets rest was told to a Redis that may have
 * forgotten it. While it is degraded nothing is sent but the tries to read, ever further apart, and
 * whoever asks is told at once to decide alone.
 *
 * <p>All of its state lives on the {@link FleetLoop}; other threads leave tasks there, of which a
 * bounded number waits.
 */
public final class RedisFleet implements FleetHealth, AutoCloseable {

  private static final Duration RETRY_LEAST = Duration.ofMillis(200);

  /** Lanes whose versions are remembered; the news of others is taken as it comes. */
  private static final int VERSIONS_MAX = 16_384;

  private final FleetConfig config;
  private final String node;
  private final RedisLink link;
  private final FleetLoop loop;
  private final DegradationRows rows;
  private final String channel;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong unsent = new AtomicLong();
  private volatile Known known;
  private final RedisSums usage;
  private final RedisSums activity;
  private final ForgedNotes forged;
  private final RedisNotes stops;
  private final RedisNotes grants;
  private final RedisNotes policies;

  // on the loop only
  private final Map<String, Long> versions = new HashMap<>();
  private @Nullable HealthListener listener;
  private long tokens;
  private long syncs;
  private Duration retryAfter = RETRY_LEAST;
  private boolean closed;

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
    this.node = node;
    this.link = link;
    this.loop = loop;
    this.rows = new DegradationRows(audit);
    this.channel = channel(config);
    this.known = new Known(Mode.DEGRADED, "not connected yet", loop.nanos(), 0, 0);
    BooleanSupplier connected = () -> known.mode == Mode.CONNECTED && !closed;
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

  /** Where all news of the fleet is told. */
  static String channel(FleetConfig config) {
    return "{" + config.namespace() + "}:health:news";
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
          listener = hearing;
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
        unsent.get(),
        forged.count());
  }

  // --- told and asked from any thread ------------------------------------------------------------

  @Override
  public void failed(String lane, FailureRule rule) {
    report(
        "fail",
        lane,
        Integer.toString(rule.failuresMax()),
        millis(rule.window()),
        millis(rule.rest()));
  }

  @Override
  public void rest(String lane, Duration time) {
    report("rest", lane, millis(time));
  }

  private void report(String operation, String lane, String... more) {
    if (known.mode != Mode.CONNECTED || waiting.incrementAndGet() > config.queueMax()) {
      if (known.mode == Mode.CONNECTED) {
        waiting.decrementAndGet();
      }
      unsent.incrementAndGet();
      return;
    }
    loop.execute(
        () -> {
          waiting.decrementAndGet();
          send(operation, lane, token(), List.of(more), this::summed);
        });
  }

  @Override
  public CompletionStage<ProbeAnswer> askToProbe(String lane) {
    CompletableFuture<ProbeAnswer> answer = new CompletableFuture<>();
    if (known.mode != Mode.CONNECTED) {
      answer.complete(new ProbeAnswer.Alone());
    } else {
      loop.execute(() -> lease(lane, answer));
    }
    return answer;
  }

  private void lease(String lane, CompletableFuture<ProbeAnswer> answer) {
    String token = token();
    send(
        "lease",
        lane,
        token,
        List.of(millis(config.lease())),
        reply -> {
          if (reply == null) {
            answer.complete(new ProbeAnswer.Alone());
          } else if (reply.granted()) {
            answer.complete(new ProbeAnswer.Granted(held(lane, token)));
          } else {
            heard(reply);
            answer.complete(refusal(reply));
          }
        });
  }

  private RedisLease held(String lane, String token) {
    return RedisLease.keep(
        config.lease(),
        loop,
        () -> !closed,
        () -> renew(lane, token),
        (operation, more) -> send(operation, lane, token, more, this::obeyed));
  }

  private void renew(String lane, String token) {
    if (known.mode == Mode.CONNECTED) {
      send("renew", lane, token, List.of(millis(config.lease())), _ -> {});
    }
  }

  private static ProbeAnswer refusal(Reply reply) {
    if (reply.state().equals(Reply.SERVES)) {
      return new ProbeAnswer.Serves();
    }
    return reply.remaining().isPositive()
        ? new ProbeAnswer.Rests(reply.remaining())
        : new ProbeAnswer.Elsewhere(reply.elsewhere());
  }

  // --- on the loop -------------------------------------------------------------------------------

  private String token() {
    return node + "-" + ++tokens;
  }

  /** Sends one operation; then hears its answer, or null when none came in time. */
  private void send(
      String operation,
      String lane,
      String token,
      List<String> more,
      Consumer<@Nullable Reply> then) {
    if (known.mode != Mode.CONNECTED || closed) {
      unsent.incrementAndGet();
      then.accept(null);
      return;
    }
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of(operation, lane, channel, token));
    arguments.add(Long.toString(versions.getOrDefault(lane, 0L)));
    arguments.addAll(more);
    run(
        List.of(prefix("record") + lane, prefix("failures") + lane, index()),
        arguments,
        (answer, why) -> {
          if (answer == null) {
            lost(why);
          }
          then.accept(answer == null ? null : Reply.of(lane, answer));
        });
  }

  private String prefix(String kind) {
    return "{" + config.namespace() + "}:health:" + kind + ":";
  }

  private String index() {
    return "{" + config.namespace() + "}:health:resting";
  }

  private interface Answered {
    void accept(@Nullable List<Object> answer, String why);
  }

  private void run(List<String> keys, List<String> arguments, Answered then) {
    Exchange.of(
        loop,
        config.commandTimeout(),
        () -> link.run(HealthScript.TEXT, keys, arguments),
        answer -> then.accept(answer, ""),
        why -> then.accept(null, why));
  }

  /** What a report led to: a lane that still serves says nothing about the next failure. */
  private void summed(@Nullable Reply reply) {
    if (reply != null && reply.state().equals(Reply.RESTS)) {
      heard(reply);
    }
  }

  /** What the fleet made of this process's own judgement holds, whatever was heard before. */
  private void obeyed(@Nullable Reply reply) {
    if (reply != null) {
      versions.remove(reply.lane());
      heard(reply);
    }
  }

  /** Passes on what is newer than what is known, and how long a known rest still lasts. */
  private void heard(Reply reply) {
    HealthListener hearing = Objects.requireNonNull(listener);
    Long newest = versions.get(reply.lane());
    if (newest != null && reply.version() < newest) {
      return;
    }
    boolean repeated = newest != null && reply.version() == newest;
    if (newest != null || versions.size() < VERSIONS_MAX) {
      versions.put(reply.lane(), reply.version());
    }
    switch (reply.state()) {
      case Reply.RESTS -> hearing.rests(reply.lane(), reply.remaining());
      case Reply.SERVES -> {
        if (!repeated) {
          hearing.serves(reply.lane());
        }
      }
      default -> {}
    }
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
      Reply.news(text).ifPresent(this::heard);
    }
  }

  private void readAll() {
    if (closed) {
      return;
    }
    List<String> arguments = List.of("list", "", channel, "", "0", prefix("record"));
    run(
        List.of(index(), index(), index()),
        arguments,
        (answer, why) -> {
          if (answer != null) {
            found(Reply.listed(answer));
          } else if (known.mode == Mode.CONNECTED) {
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
      versions.clear(); // whatever Redis says now is the truth, also when its clock went back
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
    resting.forEach(this::heard);
    teach(resting.stream().map(Reply::lane).collect(Collectors.toSet()));
    if (again) {
      rows.recovered(Duration.ofNanos(loop.nanos() - before.sinceNanos), unsent.get());
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

  /** Tells what rests here and not there: Redis has forgotten it, or never knew. */
  private void teach(Set<String> there) {
    for (RestingLane lane : Objects.requireNonNull(listener).resting()) {
      if (!there.contains(lane.lane())) {
        send(
            "teach",
            lane.lane(),
            token(),
            List.of(
                millis(lane.remaining()),
                millis(lane.age()),
                lane.judgedHere() ? "local" : "fleet"),
            this::obeyed);
      }
    }
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

  private static String millis(Duration length) {
    return Long.toString(Math.max(0, length.toMillis()));
  }
}
