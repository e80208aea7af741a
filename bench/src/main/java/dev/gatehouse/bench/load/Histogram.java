package dev.gatehouse.bench.load;

import java.util.Arrays;

/**
 * Counts of durations in buckets that are log-linear, so that a percentile is off by less than one
 * per cent. Constant memory (32 KiB); not thread-safe.
 */
public final class Histogram {

  private static final int PRECISION_BITS = 7;
  private static final int STEPS = 1 << PRECISION_BITS;

  /** Longest duration told apart from longer ones: 2^37 ns, about 137 seconds. */
  private static final int MAGNITUDE_MAX = 37;

  private final long[] counts = new long[(MAGNITUDE_MAX - PRECISION_BITS + 1) * STEPS];
  private long total;

  /** Adds a duration; negative counts as zero. */
  public void record(long nanos) {
    counts[index(nanos)]++;
    total++;
  }

  /** Adds all that another histogram counted. */
  public void add(Histogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
  }

  /** Forgets everything. */
  public void clear() {
    Arrays.fill(counts, 0);
    total = 0;
  }

  /** How many durations were added. */
  public long count() {
    return total;
  }

  /**
   * The duration in nanoseconds that this percentage of all stayed within; 0 when nothing was
   * added.
   *
   * @param percent above 0, up to 100
   */
  public double percentile(double percent) {
    long rank = (long) Math.ceil(total * percent / 100);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank && seen > 0) {
        return middle(i);
      }
    }
    return 0;
  }

  private static int index(long nanos) {
    long value = Math.clamp(nanos, 0L, (1L << MAGNITUDE_MAX) - 1);
    int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - 1 - PRECISION_BITS);
    // Up to 2 * STEPS every value has its own bucket; above, each doubling has STEPS buckets.
    return shift * STEPS + (int) (value >>> shift);
  }

  private static double middle(int index) {
    if (index < 2 * STEPS) {
      return index;
    }
    int shift = index / STEPS - 1;
    long low = (long) (index - shift * STEPS) << shift;
    return low + (1L << shift) / 2.0;
  }
}
