package dev.gatehouse.connectors.upstream;

import dev.gatehouse.connectors.offer.ListKind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * When to read lists again of whose changes a server does not tell: by its {@code ttlMs}, plus a
 * random part, and half as often each time that nothing changed (MCP 2026-07-28, "Caching"). For
 * one thread.
 */
final class Freshness {

  /** The least time between two readings, however short-lived a server says its list is. */
  static final Duration REFRESH_MIN = Duration.ofMinutes(1);

  /** The most, once nothing has changed for long. */
  static final Duration REFRESH_MAX = Duration.ofHours(1);

  private static final int JITTER_DIVISOR = 5;

  private record Due(Duration every, long atNanos) {}

  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final Map<ListKind, Due> dues = new EnumMap<>(ListKind.class);

  Freshness(LongSupplier nanoTime, RandomGenerator random) {
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /** Forgets all lists: a new session begins. */
  void clear() {
    dues.clear();
  }

  /**
   * A list was read.
   *
   * @param ttl what the server said of its life; empty when it said nothing, as in the legacy era
   * @param changed whether it differs from what it was
   */
  void read(ListKind kind, Optional<Duration> ttl, boolean changed) {
    if (ttl.isEmpty()) {
      dues.remove(kind);
      return;
    }
    Due before = dues.get(kind);
    Duration every = between(ttl.get());
    if (before != null && !changed) {
      every = between(before.every().multipliedBy(2));
    }
    long nanos = every.toNanos();
    long jitter = random.nextLong(nanos / JITTER_DIVISOR + 1);
    dues.put(kind, new Due(every, nanoTime.getAsLong() + nanos + jitter));
  }

  /** How long until a list is due; at most that. */
  Duration untilDue(Duration most) {
    long now = nanoTime.getAsLong();
    long least = most.toNanos();
    for (Due due : dues.values()) {
      least = Math.min(least, Math.max(0, due.atNanos() - now));
    }
    return Duration.ofNanos(least);
  }

  /** The lists that are due. */
  Set<ListKind> due() {
    long now = nanoTime.getAsLong();
    Set<ListKind> kinds = EnumSet.noneOf(ListKind.class);
    dues.forEach(
        (kind, due) -> {
          if (due.atNanos() - now <= 0) {
            kinds.add(kind);
          }
        });
    return kinds;
  }

  private static Duration between(Duration wanted) {
    if (wanted.compareTo(REFRESH_MIN) < 0) {
      return REFRESH_MIN;
    }
    return wanted.compareTo(REFRESH_MAX) > 0 ? REFRESH_MAX : wanted;
  }
}
