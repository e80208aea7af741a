package dev.gatehouse.policy.activity;

import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.fleet.FleetSums;
import dev.gatehouse.core.fleet.SharedSums;
import dev.gatehouse.core.fleet.SharedSums.Part;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.testkit.ManualClock;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sums as a fleet keeps them, told and heard when a test says so. */
final class HandFleet {

  private static final int PAGE = 256;

  /** The fleet's clock. */
  final ManualClock clock = new ManualClock();

  /** What the fleet remembers, by name and slot. */
  final Map<String, NavigableMap<Long, Long>> sums = new HashMap<>();

  final List<Node> nodes = new ArrayList<>();
  private int epoch;

  /** A process of the fleet whose clock is wrong by that much. */
  Node node(Duration wrong) {
    Node node = new Node(Clock.offset(clock, wrong));
    nodes.add(node);
    return node;
  }

  Node node() {
    return node(Duration.ZERO);
  }

  /** All tell what they know, and then all hear it. */
  void exchange() {
    nodes.forEach(Node::exchange);
    nodes.forEach(Node::exchange);
  }

  /** Everything is forgotten. */
  void forget() {
    sums.clear();
    epoch++;
  }

  private void add(Part part) {
    slots(part).merge(part.slot(), part.amount(), Long::sum);
  }

  private void raise(Part part) {
    slots(part).merge(part.slot(), part.amount(), Math::max);
  }

  private NavigableMap<Long, Long> slots(Part part) {
    NavigableMap<Long, Long> slots = sums.computeIfAbsent(part.name(), _ -> new TreeMap<>());
    slots.headMap(part.oldest(), false).clear();
    return slots;
  }

  private List<Part> all() {
    List<Part> all = new ArrayList<>();
    sums.forEach(
        (name, slots) ->
            slots.forEach(
                (slot, amount) -> all.add(new Part(name, slot, amount, 0, Duration.ZERO))));
    return all;
  }

  /** One process. */
  final class Node implements FleetSums {

    final RecentActivity activity;
    private final Clock own;
    private @Nullable SharedSums shared;
    private int known = -1;

    private Node(Clock own) {
      this.own = own;
      activity = new RecentActivity(new ActivityLimits(50_000, Duration.ofDays(1), 8), own);
      activity.share(this);
      exchange();
    }

    @Override
    public void share(SharedSums sums) {
      shared = sums;
    }

    /** Counts a call of that agent in that session. */
    Activity count(Agent agent, String session) {
      return activity.count(Calls.inSession(agent.id(), session), agent, own.millis());
    }

    void count(Agent agent, String session, int times) {
      for (int i = 0; i < times; i++) {
        count(agent, session);
      }
    }

    /** Tells what the fleet does not know and hears what this one does not. */
    void exchange() {
      SharedSums sharing = Objects.requireNonNull(shared);
      sharing.together(clock.instant());
      if (known != epoch) {
        known = epoch;
        sharing.known().forEach(HandFleet.this::raise);
      }
      for (List<Part> parts = sharing.untold(PAGE);
          !parts.isEmpty();
          parts = sharing.untold(PAGE)) {
        parts.forEach(HandFleet.this::add);
        sharing.arrived(parts);
      }
      sharing.heard(all());
    }

    /** What it would teach a fleet that forgot. */
    List<Part> known() {
      return Objects.requireNonNull(shared).known();
    }

    /** Hears that, whoever says so. */
    void hears(Part part) {
      Objects.requireNonNull(shared).heard(List.of(part));
    }
  }
}
