package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.Grant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The grants that other nodes of the fleet opened, bounded. Not thread-safe. */
final class ArrivedShelf {

  /** Most that are held; what arrives beyond them opens nothing here. */
  static final int ARRIVED_MAX = 2_000;

  private final Map<String, Grant> arrived = new LinkedHashMap<>();

  /** Those that the fleet's memory, as it is now, has as open. */
  private final Set<String> known = new HashSet<>();

  boolean hasRoomFor(Grant grant) {
    return arrived.size() < ARRIVED_MAX || arrived.containsKey(grant.id());
  }

  void put(Grant grant) {
    arrived.put(grant.id(), grant);
    known.add(grant.id());
  }

  /** Whether it is held, and known from now on. */
  boolean heardAgain(String id) {
    boolean held = arrived.containsKey(id);
    if (held) {
      known.add(id);
    }
    return held;
  }

  /** Nothing is known until it is heard again. */
  void hearAnew() {
    known.clear();
  }

  boolean remove(Grant grant) {
    known.remove(grant.id());
    return arrived.remove(grant.id(), grant);
  }

  Optional<Grant> find(String id) {
    return Optional.ofNullable(arrived.get(id));
  }

  /** Those that count. */
  Collection<Grant> known() {
    return arrived.values().stream().filter(grant -> known.contains(grant.id())).toList();
  }

  Collection<Grant> all() {
    return List.copyOf(arrived.values());
  }
}
