package dev.gatehouse.policy.grant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** The thread that waits for the disk on which grants are kept. */
final class GrantDisk implements AutoCloseable {

  /** A step that waits for the disk. */
  interface Step {
    void run() throws IOException;
  }

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("gatehouse-grants").factory());

  /** One after the other, so that what is kept is never older than what was kept before. */
  CompletionStage<Void> then(Step step) {
    try {
      return CompletableFuture.runAsync(() -> run(step), thread);
    } catch (RejectedExecutionException e) { // it is closed
      return CompletableFuture.failedStage(e);
    }
  }

  private static void run(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException("open grants cannot be kept over a restart", e);
    }
  }

  /** Ends the thread, after what it has begun. */
  @Override
  public void close() {
    thread.close();
  }
}
