package dev.gatehouse.policy.activity;

import dev.gatehouse.core.fleet.SharedSums.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * One count as the fleet has it, slot by slot: what is counted here and not told yet, and what the
 * others counted. What a process counted before it was restarted is the others', too. Thread-safe.
 */
final class SharedCount implements Elsewhere {

  /** More of one thing nobody counts, whatever is heard. */
  private static final long MOST = 1_000_000_000;

  private final ActivityName name;
  private final FleetActivity fleet;
  private final int[] untold;
  private final int[] told;
  private final int[] arrived;
  private final int[] others;
  private long newest = Long.MIN_VALUE;
  private long total;
  private boolean queued;

  SharedCount(ActivityName name, FleetActivity fleet) {
    this.name = name;
    this.fleet = fleet;
    int slots = name.kind().before + 1;
    this.untold = new int[slots];
    this.told = new int[slots];
    this.arrived = new int[slots];
    this.others = new int[slots];
  }

  @Override
  public synchronized int add(long nowMillis) {
    advance(slotOf(nowMillis));
    untold[at(newest)]++;
    queue();
    return Math.toIntExact(Math.min(total, MOST));
  }

  @Override
  public synchronized int count(long nowMillis) {
    advance(slotOf(nowMillis));
    return Math.toIntExact(Math.min(total, MOST));
  }

  @Override
  public synchronized List<Fall> falls(long nowMillis) {
    advance(slotOf(nowMillis));
    long now = fleet.time(nowMillis);
    List<Fall> falls = new ArrayList<>();
    for (long slot = newest - others.length + 1; slot <= newest; slot++) {
      if (others[at(slot)] > 0) {
        long end = (slot + others.length) * name.kind().slotMillis;
        falls.add(new Fall(Math.max(1, end - now), others[at(slot)]));
      }
    }
    return falls;
  }

  /** What was not told yet is on its way from now on. */
  synchronized List<Part> tell(long nowMillis) {
    queued = false;
    advance(slotOf(nowMillis));
    List<Part> parts = new ArrayList<>();
    for (long slot = newest - untold.length + 1; slot <= newest; slot++) {
      int amount = untold[at(slot)];
      if (amount > 0) {
        untold[at(slot)] = 0;
        told[at(slot)] += amount;
        parts.add(part(slot, amount));
      }
    }
    return parts;
  }

  /** That was on its way and has arrived. */
  synchronized void arrived(Part part) {
    if (counts(part.slot())) {
      int amount = Math.min(told[at(part.slot())], (int) Math.min(part.amount(), MOST));
      told[at(part.slot())] -= amount;
      arrived[at(part.slot())] += amount;
    }
  }

  /** The fleet's word on one slot, what arrived from here included. */
  synchronized void heard(Part part, long nowMillis) {
    long now = slotOf(nowMillis);
    if (part.slot() == now + 1) {
      advance(part.slot()); // the fleet's clock is ahead by a little
    } else {
      advance(now);
    }
    if (counts(part.slot())) {
      int at = at(part.slot());
      long amount = Math.clamp(part.amount() - arrived[at], 0, MOST);
      total += amount - others[at];
      others[at] = (int) amount;
    }
  }

  /** All that the fleet knows, as far as it is known here. */
  synchronized List<Part> known(long nowMillis) {
    advance(slotOf(nowMillis));
    List<Part> parts = new ArrayList<>();
    for (long slot = newest - others.length + 1; slot <= newest; slot++) {
      long amount = (long) others[at(slot)] + arrived[at(slot)];
      if (amount > 0) {
        parts.add(part(slot, amount));
      }
    }
    return parts;
  }

  private Part part(long slot, long amount) {
    long oldest = newest - name.kind().before;
    return new Part(name.text(), slot, amount, oldest, fleet.keep(name.kind()));
  }

  private void queue() {
    if (!queued) {
      queued = fleet.changed(this);
    }
  }

  private long slotOf(long nowMillis) {
    return name.kind().slot(fleet.time(nowMillis));
  }

  private boolean counts(long slot) {
    return slot <= newest && slot > newest - others.length;
  }

  private void advance(long slot) {
    if (newest == Long.MIN_VALUE || slot - newest >= others.length) {
      for (int at = 0; at < others.length; at++) {
        clear(at);
      }
      newest = slot;
    }
    while (newest < slot) {
      newest++;
      clear(at(newest));
    }
  }

  private void clear(int at) {
    total -= others[at];
    untold[at] = 0;
    told[at] = 0;
    arrived[at] = 0;
    others[at] = 0;
  }

  private int at(long slot) {
    return Math.floorMod(slot, others.length);
  }
}
