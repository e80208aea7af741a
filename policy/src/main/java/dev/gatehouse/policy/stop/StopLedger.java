package dev.gatehouse.policy.stop;

import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which orders stand and which were lifted, as one immutable snapshot.
 *
 * <p>A set from which only what was seen is removed: of two processes that order at the same time
 * one does not undo the other, since a lift names the orders that it knew.
 */
public final class StopLedger {

  /** Nothing stopped, nothing lifted. */
  public static final StopLedger EMPTY = new StopLedger(Map.of(), Map.of());

  /** Lifts that are remembered; who repeats a stop lifted before these stops it anew. */
  static final int LIFTS_MAX = 2_000;

  private final Map<String, StopOrder> orders;
  private final Map<String, StopLift> lifts;
  private final Map<StopScope, Stop> byScope = new LinkedHashMap<>();

  private StopLedger(Map<String, StopOrder> orders, Map<String, StopLift> lifts) {
    this.orders = orders;
    this.lifts = lifts;
    orders.values().forEach(order -> byScope.put(order.scope(), order.stop()));
  }

  /** That which was kept. */
  public static StopLedger of(Collection<StopOrder> orders, Collection<StopLift> lifts) {
    Map<String, StopOrder> byId = new LinkedHashMap<>();
    orders.forEach(order -> byId.put(order.id(), order));
    return new StopLedger(byId, Map.of()).without(lifts);
  }

  /** The orders that stand, oldest first. */
  public Collection<StopOrder> orders() {
    return List.copyOf(orders.values());
  }

  /** What was lifted of late, oldest first. */
  public Collection<StopLift> lifts() {
    return List.copyOf(lifts.values());
  }

  boolean isEmpty() {
    return orders.isEmpty();
  }

  /** The last order of exactly this scope. */
  Optional<Stop> at(StopScope scope) {
    return Optional.ofNullable(byScope.get(scope));
  }

  /** One stop a scope. */
  Collection<Stop> stops() {
    return byScope.values();
  }

  Optional<StopOrder> order(String id) {
    return Optional.ofNullable(orders.get(id));
  }

  /** The orders of exactly this scope. */
  List<StopOrder> of(StopScope scope) {
    return orders.values().stream().filter(order -> order.scope().equals(scope)).toList();
  }

  boolean knows(String id) {
    return orders.containsKey(id) || lifts.containsKey(id);
  }

  boolean lifted(String id) {
    return lifts.containsKey(id);
  }

  /** With that order too, unless it was lifted. */
  StopLedger with(StopOrder order) {
    if (knows(order.id())) {
      return this;
    }
    Map<String, StopOrder> more = new LinkedHashMap<>(orders);
    more.put(order.id(), order);
    return new StopLedger(more, lifts);
  }

  /** Without those orders, for ever. */
  StopLedger without(Collection<StopLift> gone) {
    Map<String, StopOrder> rest = new LinkedHashMap<>(orders);
    Map<String, StopLift> all = new LinkedHashMap<>(lifts);
    for (StopLift lift : gone) {
      rest.remove(lift.id());
      all.putIfAbsent(lift.id(), lift);
    }
    if (all.size() > LIFTS_MAX) {
      List<String> oldest = new ArrayList<>(all.keySet()).subList(0, all.size() - LIFTS_MAX);
      oldest.forEach(all::remove);
    }
    return new StopLedger(rest, all);
  }
}
