package dev.gatehouse.core.limit;

import dev.gatehouse.core.limit.Measure.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How much was used up, slot by slot. Not thread-safe: {@link Limits} guards it. */
final class Count {

  /** What was used up in one slot. */
  static final class Slot {

    final long number;

    /** What all know: the fleet's word, or what was read at the start. */
    long sum;

    /** What only this process knows. */
    long untold;

    /** What is being told. */
    long told;

    Slot(long number) {
      this.number = number;
    }

    long used(int share) {
      return Math.max(0, sum + (untold + told) * share);
    }

    boolean isZero() {
      return sum == 0 && untold == 0 && told == 0;
    }
  }

  private final CountKey key;
  private final List<Slot> slots = new ArrayList<>(1);

  Count(CountKey key) {
    this.key = key;
  }

  CountKey key() {
    return key;
  }

  List<Slot> slots() {
    return slots;
  }

  private Span span() {
    return key.measure().span();
  }

  /** Forgets what no longer counts. */
  void forget(Instant now) {
    long oldest = span().oldest(now);
    slots.removeIf(slot -> slot.number < oldest);
  }

  /** Whether nothing is remembered. */
  boolean isEmpty() {
    return slots.stream().allMatch(Slot::isZero);
  }

  /**
   * What counts now.
   *
   * @param share how often what only this process knows is counted: once, or as often as there are
   *     processes that may each have used as much unheard
   */
  long used(int share) {
    long used = 0;
    for (Slot slot : slots) {
      used += slot.used(share);
    }
    return used;
  }

  /** The slot of that number, which is made when there is none. */
  Slot slot(long number) {
    int at = 0;
    while (at < slots.size() && slots.get(at).number < number) {
      at++;
    }
    if (at < slots.size() && slots.get(at).number == number) {
      return slots.get(at);
    }
    Slot made = new Slot(number);
    slots.add(at, made);
    return made;
  }

  /** The slot of that number, if it still counts. */
  Optional<Slot> known(long number) {
    return slots.stream().filter(slot -> slot.number == number).findFirst();
  }

  /** When no more than so much will count, if nothing more is used up. */
  Instant fallsTo(long least, Instant now, int share) {
    long used = used(share);
    Instant at = now;
    for (Slot slot : slots) {
      if (used <= least) {
        return at;
      }
      used -= slot.used(share);
      at = span().end(slot.number);
    }
    return used <= least ? at : span().end(span().slot(now));
  }
}
