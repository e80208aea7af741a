package dev.gatehouse.connectors.waits;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Bounded waits of virtual threads. An interrupt ends a wait early and stays set. */
public final class Blocking {

  private static final long POLL_MILLIS = 10;

  private Blocking() {}

  /** Waits for the stage to complete either way; false when it did not in time. */
  public static boolean await(CompletionStage<?> stage, Duration most) {
    try {
      stage.toCompletableFuture().get(most.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | CancellationException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Waits until the condition holds, looking again every few milliseconds, for what tells nobody
   * when it happens, such as the end of a process that is not our child; false when it did not in
   * time.
   */
  public static boolean until(BooleanSupplier condition, Duration most) {
    long deadline = System.nanoTime() + most.toNanos();
    try {
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() >= deadline) {
          return false;
        }
        Thread.sleep(POLL_MILLIS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
