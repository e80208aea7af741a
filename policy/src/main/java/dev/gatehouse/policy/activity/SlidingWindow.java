package dev.gatehouse.policy.activity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts what happened in the last stretch of time, in a ring of buckets. What happened stays
 * counted for the whole stretch and at most one bucket longer. A clock that steps back counts into
 * the newest bucket. Not thread-safe.
 */
final class SlidingWindow {

  private final long bucketMillis;
  private final int[] counts;
  private long newest = Long.MIN_VALUE;
  private int total;

  /** A window of {@code buckets} times {@code bucketMillis}. */
  SlidingWindow(int buckets, long bucketMillis) {
    this.bucketMillis = bucketMillis;
    this.counts = new int[buckets + 1]; // one more: the newest is not full yet
  }

  /** Counts one more; returns the total. */
  int add(long nowMillis) {
    advance(nowMillis);
    counts[slot(newest)]++;
    return ++total;
  }

  /** The total now. */
  int count(long nowMillis) {
    advance(nowMillis);
    return total;
  }

  /** When how much of the total will be forgotten, the oldest first. */
  List<Fall> falls(long nowMillis) {
    advance(nowMillis);
    List<Fall> falls = new ArrayList<>();
    for (long bucket = newest - counts.length + 1; bucket <= newest; bucket++) {
      if (counts[slot(bucket)] > 0) {
        long in = Math.max(1, (bucket + counts.length) * bucketMillis - nowMillis);
        falls.add(new Fall(in, counts[slot(bucket)]));
      }
    }
    return falls;
  }

  private void advance(long nowMillis) {
    long bucket = Math.floorDiv(nowMillis, bucketMillis);
    if (newest == Long.MIN_VALUE || bucket - newest >= counts.length) {
      Arrays.fill(counts, 0);
      total = 0;
      newest = bucket;
    }
    while (newest < bucket) {
      newest++;
      total -= counts[slot(newest)];
      counts[slot(newest)] = 0;
    }
  }

  private int slot(long bucket) {
    return Math.floorMod(bucket, counts.length);
  }
}
