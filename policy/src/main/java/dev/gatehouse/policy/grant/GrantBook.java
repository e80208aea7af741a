package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.registry.AgentId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The grants in force, and those that are on their way there. Thread-safe: look-ups read a
 * snapshot, changes are made under the book's monitor.
 */
final class GrantBook {

  private final Map<String, Grant> opening = new HashMap<>();
  private final Map<String, Grant> open = new LinkedHashMap<>();
  private volatile Map<AgentId, List<Grant>> byAgent = Map.of();

  GrantBook(Collection<Grant> kept) {
    kept.forEach(grant -> open.put(grant.id(), grant));
    changed();
  }

  /** Those of that agent that are in force. */
  List<Grant> of(AgentId agent) {
    return byAgent.getOrDefault(agent, List.of());
  }

  /** Those in force, oldest first. */
  synchronized List<Grant> open() {
    return List.copyOf(open.values());
  }

  synchronized Optional<Grant> find(String id) {
    return Optional.ofNullable(open.get(id));
  }

  /**
   * Reserves room.
   *
   * @throws GrantNotOpenedException when the agent has as many as it may have, or this very one
   */
  synchronized void begin(Grant grant, int maxPerAgent) {
    if (opening.containsKey(grant.id()) || open.containsKey(grant.id())) {
      throw new GrantNotOpenedException("grant " + grant.id() + " was opened already");
    }
    AgentId agent = grant.scope().agent();
    long ofAgent =
        opening.values().stream().filter(other -> other.scope().agent().equals(agent)).count()
            + of(agent).size();
    if (ofAgent >= maxPerAgent) {
      throw new GrantNotOpenedException(AskedGrants.full(maxPerAgent));
    }
    opening.put(grant.id(), grant);
  }

  /** Puts what was begun in force. */
  synchronized void enter(Grant grant) {
    opening.remove(grant.id());
    open.put(grant.id(), grant);
    changed();
  }

  synchronized void giveUp(Grant grant) {
    opening.remove(grant.id());
  }

  /** Takes one out of force; true for one caller. */
  synchronized boolean leave(Grant grant) {
    boolean left = open.remove(grant.id(), grant);
    changed();
    return left;
  }

  private void changed() {
    Map<AgentId, List<Grant>> next = new HashMap<>();
    open.values()
        .forEach(
            grant ->
                next.computeIfAbsent(grant.scope().agent(), _ -> new ArrayList<>()).add(grant));
    next.replaceAll((_, grants) -> List.copyOf(grants));
    byAgent = Map.copyOf(next);
  }
}
