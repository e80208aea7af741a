package dev.gatehouse.fleet;

import dev.gatehouse.core.fleet.ProbeLease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/** A probe's right, renewed until it is used or the process is no more. */
final class RedisLease implements ProbeLease {

  private final Duration length;
  private final FleetLoop loop;
  private final BooleanSupplier open;
  private final Runnable renew;
  private final BiConsumer<String, List<String>> tell;
  private final AtomicBoolean over = new AtomicBoolean();

  private RedisLease(
      Duration length,
      FleetLoop loop,
      BooleanSupplier open,
      Runnable renew,
      BiConsumer<String, List<String>> tell) {
    this.length = length;
    this.loop = loop;
    this.open = open;
    this.renew = renew;
    this.tell = tell;
  }

  /**
   * Begins to keep it.
   *
   * @param open whether the fleet is; all but the telling happens on the loop
   * @param tell takes the operation that ends it and what belongs to that; called on the loop
   */
  static RedisLease keep(
      Duration length,
      FleetLoop loop,
      BooleanSupplier open,
      Runnable renew,
      BiConsumer<String, List<String>> tell) {
    RedisLease lease = new RedisLease(length, loop, open, renew, tell);
    lease.keep();
    return lease;
  }

  private void keep() {
    loop.after(
        length.dividedBy(3),
        () -> {
          if (!over.get() && open.getAsBoolean()) {
            renew.run();
            keep();
          }
        });
  }

  @Override
  public void served() {
    end("served");
  }

  @Override
  public void failed(Duration rest) {
    end("broke", Long.toString(Math.max(0, rest.toMillis())));
  }

  @Override
  public void abandoned() {
    end("release");
  }

  private void end(String operation, String... more) {
    if (over.compareAndSet(false, true)) {
      loop.execute(() -> tell.accept(operation, List.of(more)));
    }
  }
}
