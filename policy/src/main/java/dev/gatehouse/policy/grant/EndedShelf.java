package dev.gatehouse.policy.grant;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The grants that ended, each until nobody can take it for open; bounded. Not thread-safe. */
final class EndedShelf {

  /** So many are remembered; beyond them the one is forgotten that would expire first. */
  static final int ENDED_MAX = 2_000;

  private final Map<String, EndedGrant> ended = new HashMap<>();

  boolean holds(String id) {
    return ended.containsKey(id);
  }

  /** False for one that it has. */
  boolean add(EndedGrant end) {
    boolean fresh = ended.putIfAbsent(end.id(), end) == null;
    if (ended.size() > ENDED_MAX) {
      ended.values().stream()
          .min(Comparator.comparing(EndedGrant::until))
          .ifPresent(first -> ended.remove(first.id()));
    }
    return fresh;
  }

  void forget(Instant now) {
    ended.values().removeIf(end -> !now.isBefore(end.until()));
  }

  List<EndedGrant> all() {
    return ended.values().stream().sorted(Comparator.comparing(EndedGrant::id)).toList();
  }
}
