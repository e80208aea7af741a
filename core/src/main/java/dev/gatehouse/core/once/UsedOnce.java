package dev.gatehouse.core.once;

import dev.gatehouse.core.json.Digest;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;

/**
 * What was used and could be shown again, such as a signed assertion, until it ends. Bounded: while
 * it is full no further one is taken, rather than an old one twice. Thread-safe.
 */
public final class UsedOnce {

  private final Set<Digest> used = new HashSet<>();
  private final Queue<Use> ends = new PriorityQueue<>(Comparator.comparing(Use::until));

  private record Use(Digest what, Instant until) {}

  /**
   * Uses it up; false when that is done, or {@code max} others are kept.
   *
   * @param until from this instant on it is no good for another reason
   */
  public synchronized boolean use(Digest what, Instant until, Instant now, int max) {
    for (Use first = ends.peek();
        first != null && !now.isBefore(first.until());
        first = ends.peek()) {
      used.remove(first.what());
      ends.remove();
    }
    if (used.size() >= max || !used.add(what)) {
      return false;
    }
    return ends.add(new Use(what, until));
  }
}
