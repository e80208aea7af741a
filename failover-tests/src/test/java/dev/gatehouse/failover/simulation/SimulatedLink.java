package dev.gatehouse.failover.simulation;

import dev.gatehouse.fleet.RedisLink;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One process's way to Redis: late, in order, and now and then into the void. */
final class SimulatedLink implements RedisLink {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final World world;
  private final int node;
  private final SplittableRandom random;
  private @Nullable Events events;
  private boolean connected;
  private boolean closed;
  private boolean partitioned;
  private long life;
  private long lastSentNanos;
  private long lastAnsweredNanos;
  private long lastToldNanos;

  SimulatedLink(World world, int node, SplittableRandom random) {
    this.world = world;
    this.node = node;
    this.random = random;
  }

  void partition(boolean on) {
    partitioned = on;
  }

  /** Redis goes away and says so. */
  void cut() {
    if (connected && !partitioned) {
      connected = false;
      life++;
      Events hearing = events;
      world.time().after(latency(), () -> heard(hearing, h -> h.lost("the connection was lost")));
    }
  }

  private void heard(@Nullable Events hearing, java.util.function.Consumer<Events> what) {
    if (hearing != null && !closed) {
      what.accept(hearing);
    }
  }

  @Override
  public CompletionStage<Void> open(String channel, Events hearing) {
    events = hearing;
    CompletableFuture<Void> opened = new CompletableFuture<>();
    if (connected) {
      opened.complete(null);
    } else if (partitioned) {
      world.time().after(CONNECT_TIMEOUT, () -> fail(opened));
    } else {
      world
          .time()
          .after(
              latency(),
              () -> {
                if (world.redisUp() && !partitioned && !closed) {
                  connected = true;
                  life++;
                  opened.complete(null);
                } else {
                  fail(opened);
                }
              });
    }
    return opened;
  }

  private static void fail(CompletableFuture<?> future) {
    future.completeExceptionally(new IllegalStateException("refused"));
  }

  @Override
  public CompletionStage<List<Object>> run(
      String script, List<String> keys, List<String> arguments) {
    CompletableFuture<List<Object>> answer = new CompletableFuture<>();
    if (!connected) {
      fail(answer);
      return answer;
    }
    long mine = life;
    long askedNanos = world.time().nanos();
    lastSentNanos = Math.max(lastSentNanos + 1, world.time().nanos() + latency().toNanos());
    world
        .time()
        .after(
            Duration.ofNanos(lastSentNanos - world.time().nanos()),
            () -> {
              if (mine == life && passes()) {
                answer(answer, world.run(node, keys, arguments), arguments, mine, askedNanos);
              }
            });
    return answer;
  }

  private void answer(
      CompletableFuture<List<Object>> to,
      List<Object> answer,
      List<String> arguments,
      long mine,
      long askedNanos) {
    Runnable heardOf = world.oracle().answered(node, arguments, answer);
    lastAnsweredNanos = Math.max(lastAnsweredNanos + 1, world.time().nanos() + latency().toNanos());
    world
        .time()
        .after(
            Duration.ofNanos(lastAnsweredNanos - world.time().nanos()),
            () -> {
              if (mine == life && passes()) {
                to.complete(answer);
                if (world.time().nanos() - askedNanos < World.FLEET.commandTimeout().toNanos()) {
                  heardOf.run(); // what comes later is not waited for
                }
              }
            });
  }

  /** Brings news, late and in order; into the void while it is cut off. */
  void tell(String text) {
    Events hearing = events;
    if (!connected || !passes()) {
      return;
    }
    long mine = life;
    lastToldNanos = Math.max(lastToldNanos + 1, world.time().nanos() + latency().toNanos());
    world
        .time()
        .after(
            Duration.ofNanos(lastToldNanos - world.time().nanos()),
            () -> {
              if (mine == life && passes()) {
                heard(hearing, h -> h.message(text));
                world.oracle().told(node, text);
              }
            });
  }

  private boolean passes() {
    return !partitioned && !closed && world.redisUp();
  }

  private Duration latency() {
    return world.redisSlow()
        ? Duration.ofMillis(random.nextLong(20, 800))
        : Duration.ofNanos(random.nextLong(100_000, 3_000_000));
  }

  @Override
  public void close() {
    closed = true;
    connected = false;
  }
}
