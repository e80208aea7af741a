package dev.gatehouse.audit.index;

import dev.gatehouse.audit.disk.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the index of a directory up to date on a thread of its own, which works an eighth of the
 * time at most: a busy log leaves the index behind, never the other way round. A failure is stated
 * and tried again; calls never wait for the index.
 */
public final class IndexFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(IndexFollower.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
  private static final int REST_PER_WORK = 7;

  /**
   * How far the index is.
   *
   * @param rows how many rows of the streams asked about are indexed
   * @param failure why it does not go on; empty when it does
   */
  public record State(long rows, String failure) {}

  private final Path dir;
  private final Supplier<List<String>> streams;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile long rows;
  private volatile String failure = "";

  private IndexFollower(Path dir, Supplier<List<String>> streams) {
    this.dir = dir;
    this.streams = streams;
    this.thread = Thread.ofPlatform().daemon().name("audit-index").unstarted(this::run);
  }

  /**
   * Starts to follow.
   *
   * @param streams those being written, whose rows are counted
   */
  public static IndexFollower start(Path dir, Supplier<List<String>> streams) {
    IndexFollower follower = new IndexFollower(dir, streams);
    follower.thread.start();
    return follower;
  }

  /** How far it is. */
  public State state() {
    return new State(rows, failure);
  }

  private void run() {
    try {
      do {
        follow();
      } while (!stopping.await(RETRY_AFTER.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Follows until it fails or is stopped. */
  private void follow() throws InterruptedException {
    try (AuditIndex index = AuditIndex.open(dir)) {
      long rest;
      do {
        long begun = System.nanoTime();
        AuditIndex.Taken taken = index.take();
        rows = streams.get().stream().mapToLong(index::rowsOf).sum();
        failure = "";
        long worked = (System.nanoTime() - begun) * REST_PER_WORK;
        rest = taken.more() ? worked : Math.max(worked, LOOK_EVERY.toNanos());
      } while (!stopping.await(rest, TimeUnit.NANOSECONDS));
    } catch (IOException | RuntimeException | LinkageError e) {
      String now = "the index does not go on: " + e.getMessage();
      if (!now.equals(failure)) {
        LOG.warn("{}", now, e);
      }
      failure = now;
    }
  }

  @Override
  public void close() {
    stopping.countDown();
    Threads.join(thread);
  }
}
