package dev.gatehouse.audit.body;

import dev.gatehouse.core.audit.AuditBody.Kind;
import java.time.Duration;
import java.util.Set;

/**
 * Whether bodies are kept, and how much of them.
 *
 * @param kinds which ones are
 * @param bytesMax the longest that is kept; of a longer one the row says that it is too long; 1 KiB
 *     to 1 MiB
 * @param totalBytesMax how much all may take on disk before the oldest are let go; 16 MiB and more
 * @param keep how long one is kept; an hour to ten years
 */
public record BodyRules(Set<Kind> kinds, int bytesMax, long totalBytesMax, Duration keep) {

  /** What {@link #bytesMax} may be at most; an export has a line for each. */
  public static final int BYTES_LIMIT = 1 << 20;

  private static final int BYTES_MIN = 1 << 10;
  private static final long TOTAL_BYTES_MIN = 16L << 20;
  private static final Duration KEEP_MIN = Duration.ofHours(1);
  private static final Duration KEEP_MAX = Duration.ofDays(3_653);

  /** Nothing is kept but digests. */
  public static final BodyRules NONE =
      new BodyRules(Set.of(), 64 << 10, 4L << 30, Duration.ofDays(30));

  public BodyRules {
    kinds = Set.copyOf(kinds);
    if (bytesMax < BYTES_MIN || bytesMax > BYTES_LIMIT) {
      throw new IllegalArgumentException(
          "bodies: bytes_max: " + BYTES_MIN + " to " + BYTES_LIMIT + ", not " + bytesMax);
    }
    if (totalBytesMax < TOTAL_BYTES_MIN) {
      throw new IllegalArgumentException(
          "bodies: total_bytes_max: at least " + TOTAL_BYTES_MIN + ", not " + totalBytesMax);
    }
    if (keep.compareTo(KEEP_MIN) < 0 || keep.compareTo(KEEP_MAX) > 0) {
      throw new IllegalArgumentException(
          "bodies: keep: " + KEEP_MIN + " to " + KEEP_MAX + ", not " + keep);
    }
  }

  /** Whether any are kept. */
  public boolean any() {
    return !kinds.isEmpty();
  }

  /** The same with these kept. */
  public BodyRules with(Kind... kept) {
    return new BodyRules(Set.of(kept), bytesMax, totalBytesMax, keep);
  }
}
