package dev.gatehouse.policy.publish;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Has one order carried out after the other, each on a virtual thread that may wait for disks. */
final class OneAtATime {

  private static final Executor WORKERS = task -> Thread.ofVirtual().start(task);

  private final ReentrantLock orders = new ReentrantLock();

  /** What may wait for the disk. */
  interface Work<T> {
    T done() throws IOException;
  }

  /** On this thread. */
  <T> T now(Supplier<T> work) {
    orders.lock();
    try {
      return work.get();
    } finally {
      orders.unlock();
    }
  }

  /** On a thread of its own. */
  <T> CompletionStage<T> later(Work<T> work) {
    return CompletableFuture.supplyAsync(() -> now(() -> checked(work)), WORKERS);
  }

  private static <T> T checked(Work<T> work) {
    try {
      return work.done();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
