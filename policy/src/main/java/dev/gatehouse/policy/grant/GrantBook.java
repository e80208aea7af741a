package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.registry.AgentId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The grants that were opened here, those that other nodes of the fleet opened, those that are on
 * their way there, and those that ended. Thread-safe: look-ups read a snapshot, changes are made
 * under the book's monitor.
 */
final class GrantBook {

  private final Map<String, Grant> opening = new HashMap<>();
  private final Map<String, Grant> open = new LinkedHashMap<>();
  private final ArrivedShelf arrived = new ArrivedShelf();
  private final EndedShelf ended = new EndedShelf();
  private volatile Map<AgentId, List<Grant>> byAgent = Map.of();
  private volatile Map<AgentId, List<Grant>> arrivedByAgent = Map.of();

  GrantBook(KeptGrants kept) {
    kept.open().forEach(grant -> open.put(grant.id(), grant));
    kept.ended().forEach(ended::add);
    changed();
  }

  /** Those of that agent that were opened here and are in force. */
  List<Grant> of(AgentId agent) {
    return byAgent.getOrDefault(agent, List.of());
  }

  /** Those of that agent that other nodes opened, and that the fleet knows as open. */
  List<Grant> arrivedOf(AgentId agent) {
    return arrivedByAgent.getOrDefault(agent, List.of());
  }

  /** Those that were opened here, oldest first, then those of other nodes. */
  synchronized List<Grant> all() {
    return Stream.concat(open.values().stream(), arrived.all().stream()).toList();
  }

  synchronized Optional<Grant> find(String id) {
    return Optional.ofNullable(open.get(id)).or(() -> arrived.find(id));
  }

  /** Whether it was opened here. */
  synchronized boolean isOwn(String id) {
    return open.containsKey(id) || opening.containsKey(id);
  }

  /** What the next process is to know. */
  synchronized KeptGrants kept() {
    return new KeptGrants(List.copyOf(open.values()), ended.all());
  }

  /** The same with one that is not in force yet. */
  synchronized KeptGrants keptWith(Grant grant) {
    List<Grant> more = new ArrayList<>(open.values());
    more.add(grant);
    return new KeptGrants(more, ended.all());
  }

  // --- opened here -------------------------------------------------------------------------------

  /**
   * Reserves room. Whether there is any is found in the same step, so that those which open at one
   * moment count each other; what expired before this one opens does not count.
   *
   * @throws GrantNotOpenedException when the agent has as many as it may have, or this very one
   */
  synchronized void begin(Grant grant, int maxPerAgent) {
    if (isOwn(grant.id()) || arrived.find(grant.id()).isPresent() || ended.holds(grant.id())) {
      throw new GrantNotOpenedException("grant " + grant.id() + " was opened already");
    }
    if (beside(grant) >= maxPerAgent) {
      throw new GrantNotOpenedException(AskedGrants.full(maxPerAgent));
    }
    opening.put(grant.id(), grant);
  }

  /** How many others the same agent has, on their way or in force, when that one opens. */
  private long beside(Grant grant) {
    AgentId agent = grant.scope().agent();
    return Stream.of(opening.values(), of(agent), arrivedOf(agent))
        .flatMap(Collection::stream)
        .filter(other -> other.scope().agent().equals(agent))
        .filter(other -> grant.openedAt().isBefore(other.expiresAt()))
        .count();
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

  // --- opened elsewhere --------------------------------------------------------------------------

  /** Whether another one can be held, or this one is already. */
  synchronized boolean hasRoomFor(Grant grant) {
    return arrived.hasRoomFor(grant);
  }

  /** Whether it is held, and known to the fleet from now on. */
  synchronized boolean heardAgain(String id) {
    boolean held = arrived.heardAgain(id);
    changed();
    return held;
  }

  /** Puts what another node opened in force here; false when it ended or is our own. */
  synchronized boolean arrive(Grant grant) {
    if (ended.holds(grant.id()) || isOwn(grant.id())) {
      return false;
    }
    arrived.put(grant);
    changed();
    return true;
  }

  /** Of what other nodes opened nothing counts until it is heard again. */
  synchronized void hearAnew() {
    arrived.hearAnew();
    changed();
  }

  // --- ended -------------------------------------------------------------------------------------

  /** Takes one out of force and remembers that; true for one caller. */
  synchronized boolean leave(Grant grant, EndedGrant end) {
    boolean left = open.remove(grant.id(), grant) || arrived.remove(grant);
    if (left) {
      ended.add(end);
    }
    changed();
    return left;
  }

  /** Remembers the end of one that is not held; false when it is remembered already. */
  synchronized boolean remember(EndedGrant end) {
    return ended.add(end);
  }

  synchronized boolean hasEnded(String id) {
    return ended.holds(id);
  }

  /** Forgets those that nobody can take for open any more. */
  synchronized void forgetEnded(Instant now) {
    ended.forget(now);
  }

  private void changed() {
    byAgent = byAgent(open.values());
    arrivedByAgent = byAgent(arrived.known());
  }

  private static Map<AgentId, List<Grant>> byAgent(Collection<Grant> grants) {
    Map<AgentId, List<Grant>> next = new HashMap<>();
    grants.forEach(
        grant -> next.computeIfAbsent(grant.scope().agent(), _ -> new ArrayList<>()).add(grant));
    next.replaceAll((_, each) -> List.copyOf(each));
    return Map.copyOf(next);
  }
}
