package dev.gatehouse.llm.failover;

import java.util.ArrayDeque;
import java.util.Deque;

/** The failures of the recent past, at most so many. Not thread-safe. */
final class FailureWindow {

  private final int max;
  private final long windowNanos;
  private final Deque<Long> failedAt = new ArrayDeque<>();

  FailureWindow(int max, long windowNanos) {
    this.max = max;
    this.windowNanos = windowNanos;
  }

  /** Adds a failure; true when the window now holds as many as it may. */
  boolean add(long nowNanos) {
    if (failedAt.size() == max) {
      failedAt.removeFirst();
    }
    failedAt.addLast(nowNanos);
    return count(nowNanos) >= max;
  }

  int count(long nowNanos) {
    while (!failedAt.isEmpty() && nowNanos - failedAt.getFirst() >= windowNanos) {
      failedAt.removeFirst();
    }
    return failedAt.size();
  }

  void clear() {
    failedAt.clear();
  }
}
