package dev.gatehouse.fleet;

import dev.gatehouse.core.fleet.FailureRule;
import dev.gatehouse.core.fleet.HealthListener;
import dev.gatehouse.core.fleet.HealthListener.RestingLane;
import dev.gatehouse.core.fleet.ProbeAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the fleet says of lanes, through Redis: reports, rests and probes of this process, and news
 * of the others'.
 *
 * <p>All of its state lives on the {@link FleetLoop}; other threads leave tasks there, of which a
 * bounded number waits.
 */
final class RedisHealth {

  /** Lanes whose versions are remembered; the news of others is taken as it comes. */
  private static final int VERSIONS_MAX = 16_384;

  private final FleetConfig config;
  private final String node;
  private final RedisLink link;
  private final FleetLoop loop;
  private final BooleanSupplier connected;
  private final BooleanSupplier open;
  private final Consumer<String> lost;
  private final String channel;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong unsent = new AtomicLong();

  // on the loop only
  private final Map<String, Long> versions = new HashMap<>();
  private @Nullable HealthListener listener;
  private long tokens;

  /**
   * @param connected whether the fleet answers
   * @param open whether this process still takes part
   * @param lost hears that the fleet does not answer
   */
  RedisHealth(
      FleetConfig config,
      String node,
      RedisLink link,
      FleetLoop loop,
      BooleanSupplier connected,
      BooleanSupplier open,
      Consumer<String> lost) {
    this.config = config;
    this.node = node;
    this.link = link;
    this.loop = loop;
    this.connected = connected;
    this.open = open;
    this.lost = lost;
    this.channel = channel(config);
  }

  /** Where all news of the fleet is told. */
  static String channel(FleetConfig config) {
    return "{" + config.namespace() + "}:health:news";
  }

  /** Names who hears the news; on the loop. */
  void listen(HealthListener hearing) {
    listener = hearing;
  }

  /** Reports that were not sent. */
  long unsent() {
    return unsent.get();
  }

  // --- told and asked from any thread ------------------------------------------------------------

  void failed(String lane, FailureRule rule) {
    report(
        "fail",
        lane,
        Integer.toString(rule.failuresMax()),
        millis(rule.window()),
        millis(rule.rest()));
  }

  void rest(String lane, Duration time) {
    report("rest", lane, millis(time));
  }

  private void report(String operation, String lane, String... more) {
    if (!connected.getAsBoolean() || waiting.incrementAndGet() > config.queueMax()) {
      if (connected.getAsBoolean()) {
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

  CompletionStage<ProbeAnswer> askToProbe(String lane) {
    CompletableFuture<ProbeAnswer> answer = new CompletableFuture<>();
    if (!connected.getAsBoolean()) {
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
        open,
        () -> renew(lane, token),
        (operation, more) -> send(operation, lane, token, more, this::obeyed));
  }

  private void renew(String lane, String token) {
    if (connected.getAsBoolean()) {
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
    if (!connected.getAsBoolean()) {
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
            lost.accept(why);
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

  // --- what the fleet says ---------------------------------------------------------------------

  /** Reads all that rests; on the loop. */
  void read(Consumer<List<Reply>> found, Consumer<String> notFound) {
    List<String> arguments = List.of("list", "", channel, "", "0", prefix("record"));
    run(
        List.of(index(), index(), index()),
        arguments,
        (answer, why) -> {
          if (answer != null) {
            found.accept(Reply.listed(answer));
          } else {
            notFound.accept(why);
          }
        });
  }

  /** Whatever is read next is the truth, also when Redis' clock went back. */
  void forgetVersions() {
    versions.clear();
  }

  /** What rests there rests here from now on, and the reverse. */
  void learn(List<Reply> resting) {
    resting.forEach(this::heard);
    teach(resting.stream().map(Reply::lane).collect(Collectors.toSet()));
  }

  /** Another process told that. */
  void news(String text) {
    Reply.news(text).ifPresent(this::heard);
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

  private static String millis(Duration length) {
    return Long.toString(Math.max(0, length.toMillis()));
  }
}
