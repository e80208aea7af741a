package dev.gatehouse.policy.stop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is stopped, and where that is kept; operators and the fleet change it. A thread of its own
 * waits for the disk.
 */
final class HeldStops implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HeldStops.class);

  private final StopKeeper keeper;
  private final AtomicReference<StopLedger> ledger;
  private volatile Runnable listener = () -> {};
  private final ExecutorService disk =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("gatehouse-stops").factory());

  HeldStops(StopKeeper keeper) {
    this.keeper = keeper;
    this.ledger = new AtomicReference<>(keeper.kept());
  }

  StopLedger now() {
    return ledger.get();
  }

  /** From now on that runs after each {@link #change}, on the thread that makes it. */
  void onChange(Runnable hears) {
    listener = hears;
  }

  /** Holds from when this returns. */
  void change(UnaryOperator<StopLedger> step) {
    ledger.updateAndGet(step);
    try {
      listener.run();
    } catch (RuntimeException e) { // what was changed holds, and is to be kept
      LOG.error("a stop holds, but who hears of it failed", e);
    }
  }

  /** Keeps what holds. */
  CompletionStage<Boolean> keep() {
    return onDisk(
        () -> {
          keeper.keep(ledger.get());
          return true;
        });
  }

  /** Keeps that these are lifted, and only then lifts them; gives whether one of them stood. */
  CompletionStage<Boolean> forget(List<StopLift> lifts) {
    return onDisk(
        () -> {
          keeper.keep(ledger.get().without(lifts));
          StopLedger before = ledger.getAndUpdate(now -> now.without(lifts));
          return lifts.stream().anyMatch(lift -> before.order(lift.id()).isPresent());
        });
  }

  private interface DiskStep {
    boolean run() throws IOException;
  }

  /** One after the other, so that what is kept is never older than what was kept before. */
  private CompletionStage<Boolean> onDisk(DiskStep step) {
    try {
      return CompletableFuture.supplyAsync(() -> run(step), disk);
    } catch (RejectedExecutionException e) { // it is closed
      return CompletableFuture.failedStage(e);
    }
  }

  private static boolean run(DiskStep step) {
    try {
      return step.run();
    } catch (IOException e) {
      throw new UncheckedIOException("what is stopped cannot be kept over a restart", e);
    }
  }

  /** Ends the thread, after what it has begun. */
  @Override
  public void close() {
    disk.close();
  }
}
