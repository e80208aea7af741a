package dev.gatehouse.failover.simulation;

import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.failover.simulation.Schedule.Fault;
import dev.gatehouse.fleet.FleetConfig;
import dev.gatehouse.fleet.FleetSecret;
import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.LlmLimits;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.RouteTarget;
import dev.gatehouse.llm.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Three processes, a Redis, two providers and their clients, living through one schedule. */
final class World {

  static final FleetConfig FLEET =
      FleetConfig.of(
          URI.create("redis://127.0.0.1:6379"), new FleetSecret("secret", "s".repeat(32)));

  static final LlmConfig CONFIG =
      new LlmConfig(
          List.of(config("a"), config("b")),
          List.of(
              new ModelRoute(
                  new Glob("m"),
                  "",
                  TargetTier.DEV,
                  List.of(RouteTarget.of("a", "m"), RouteTarget.of("b", "m")))),
          LlmLimits.DEFAULT,
          new BreakerLimits(
              5,
              Duration.ofSeconds(60),
              Duration.ofSeconds(120),
              Duration.ofSeconds(130),
              Duration.ofSeconds(130)));

  private final Bug bug;
  private final Schedule schedule;
  private final Consumer<String> log;
  private final boolean logging;
  private final VirtualTime time = new VirtualTime();
  private final Oracle oracle = new Oracle(this);
  private final SplittableRandom random;
  private final SimulatedRedis redis;
  private final Map<String, SimulatedProvider> providers;
  private final List<Peer> processes = new ArrayList<>();
  private final long[] skewsMs = new long[Schedule.NODES];
  private final Map<Call, Long> begun = new WeakHashMap<>();
  private int redisDown;
  private int redisSlow;
  private long lastVersion;
  private long requests;
  private int starts;

  private World(long seed, Bug bug, boolean logging, Consumer<String> log) {
    this.bug = bug;
    this.log = log;
    this.logging = logging;
    this.random = new SplittableRandom(seed);
    this.schedule = Schedule.of(random.split());
    this.redis =
        new SimulatedRedis(
            time,
            bug.script(),
            1_767_225_600_000_000_000L + schedule.redisSkewMs() * 1_000_000L,
            (_, text) -> published(text));
    this.providers =
        Map.of(
            "a", new SimulatedProvider(random.split()), "b", new SimulatedProvider(random.split()));
  }

  private static ProviderConfig config(String name) {
    return ProviderConfig.of(
        name, ProviderType.OPENAI, URI.create("http://127.0.0.1:1/v1"), new Secret("k-" + name));
  }

  /** What a world saw. */
  record Life(long events, long answers, long rests, long probes) {}

  /**
   * Lives through the schedule of that seed; throws a {@link Violation} where something is wrong.
   */
  static Life live(long seed, Bug bug) {
    return new World(seed, bug, false, _ -> {}).live();
  }

  /** The same, telling everything. */
  static Life live(long seed, Bug bug, Consumer<String> log) {
    return new World(seed, bug, true, log).live();
  }

  private Life live() {
    for (int i = 0; i < Schedule.NODES; i++) {
      skewsMs[i] = schedule.skewsMs().get(i);
      processes.add(start(i));
      clients(i);
    }
    for (Fault fault : schedule.faults()) {
      log(() -> "planned: " + fault);
      time.after(fault.from(), () -> begin(fault));
      time.after(fault.until(), () -> end(fault));
    }
    long events = time.runUntil(Schedule.LAST_FAULT);
    oracle.recovered(processes, "a");
    provider("a").failForGood();
    events += time.runUntil(Schedule.END);
    oracle.recovered(processes, "b");
    oracle.allAnswered();
    return new Life(events, oracle.answers(), oracle.rests(), oracle.probes());
  }

  private Peer start(int number) {
    return new Peer(this, number, "p" + number + "." + ++starts, random.split());
  }

  private void clients(int number) {
    long pause = 1 + random.nextLong(2L * schedule.pauseMs());
    time.after(
        Duration.ofMillis(pause),
        () -> {
          clients(number);
          ask(processes.get(number));
        });
  }

  private void ask(Peer process) {
    boolean bad = random.nextInt(25) == 0;
    boolean leaves = random.nextInt(40) == 0;
    long leavesMs = random.nextLong(1, 3_000);
    if (process.alive()) {
      Call call = new Call(this, process, ++requests, bad);
      begun.put(call, time.nanos());
      oracle.begins(call);
      call.start();
      if (leaves) {
        time.after(Duration.ofMillis(leavesMs), call::leave);
      }
    }
  }

  private void begin(Fault fault) {
    log(() -> "begins: " + fault);
    int who = fault.who();
    switch (fault.kind()) {
      case PROVIDER -> provider(who == 0 ? "a" : "b", true);
      case REDIS_DOWN, REDIS_RESTARTED -> {
        redisDown++;
        oracle.excuseProbes(null);
        processes.forEach(process -> process.link().cut());
      }
      case REDIS_FLUSHED -> forget();
      case REDIS_SLOW -> {
        redisSlow++;
        oracle.excuseProbes(null);
      }
      case PARTITION -> {
        oracle.excuseProbes(processes.get(who));
        processes.get(who).link().partition(true);
      }
      case KILL -> {
        processes.get(who).kill();
        oracle.killed(processes.get(who));
      }
      case CLOCK_SET -> skewsMs[who] += random.nextLong(-300_000, 300_001);
    }
  }

  private void end(Fault fault) {
    log(() -> "ends: " + fault);
    int who = fault.who();
    switch (fault.kind()) {
      case PROVIDER -> provider(who == 0 ? "a" : "b", false);
      case REDIS_DOWN -> redisDown--;
      case REDIS_RESTARTED -> {
        redisDown--;
        forget();
      }
      case REDIS_SLOW -> redisSlow--;
      case PARTITION -> processes.get(who).link().partition(false);
      case KILL -> {
        if (!processes.get(who).alive()) {
          oracle.restarted(who);
          processes.set(who, start(who));
        }
      }
      case REDIS_FLUSHED, CLOCK_SET -> {}
    }
  }

  private void provider(String name, boolean fails) {
    if (fails) {
      provider(name).fail();
    } else {
      provider(name).mend();
    }
  }

  private void forget() {
    oracle.excuseProbes(null);
    oracle.forgotten();
    redis.flush();
  }

  private void published(String text) {
    oracle.published(text);
    lastVersion = Long.parseLong(text.split(" ", -1)[3]);
    processes.forEach(process -> process.link().tell(text));
  }

  List<Object> run(int node, List<String> keys, List<String> arguments) {
    lastVersion = -1;
    return redis.run(
        keys, arguments, 1_767_225_600_000L + time.nanos() / 1_000_000L + skewsMs[node]);
  }

  /** The version that the present run of the script has published; -1 when it has not. */
  long lastVersion() {
    return lastVersion;
  }

  void log(Supplier<String> what) {
    if (logging) {
      log.accept("%8.3f s  %s".formatted(time.seconds(), what.get()));
    }
  }

  VirtualTime time() {
    return time;
  }

  Oracle oracle() {
    return oracle;
  }

  Bug bug() {
    return bug;
  }

  SimulatedProvider provider(String name) {
    return java.util.Objects.requireNonNull(providers.get(name));
  }

  long skewMs(int node) {
    return skewsMs[node];
  }

  long begunNanos(Call call) {
    return begun.getOrDefault(call, 0L);
  }

  boolean redisUp() {
    return redisDown == 0;
  }

  boolean redisSlow() {
    return redisSlow > 0;
  }

  /** Whether leases may be granted late, or lost on the way, just now. */
  boolean redisTroubled() {
    return !redisUp() || redisSlow();
  }
}
