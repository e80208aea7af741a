package dev.gatehouse.registry.token;

import dev.gatehouse.core.json.Digest;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;

/**
 * The assertions that were used and could be shown again, until they end. Bounded: while it is full
 * no further one is taken, rather than an old one twice. Thread-safe.
 */
final class UsedAssertions {

  private final Set<Digest> used = new HashSet<>();
  private final Queue<Use> ends = new PriorityQueue<>(Comparator.comparing(Use::until));

  private record Use(Digest assertion, Instant until) {}

  /** Uses an assertion up; false when that is done, or {@code max} others are kept. */
  synchronized boolean use(Digest assertion, Instant until, Instant now, int max) {
    for (Use first = ends.peek();
        first != null && !now.isBefore(first.until());
        first = ends.peek()) {
      used.remove(first.assertion());
      ends.remove();
    }
    if (used.size() >= max || !used.add(assertion)) {
      return false;
    }
    return ends.add(new Use(assertion, until));
  }
}
