package dev.gatehouse.llm.limit;

import dev.gatehouse.llm.config.Measure;
import dev.gatehouse.llm.config.Metering;
import dev.gatehouse.llm.config.UsageLimit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The counts of what calls use up. Thread-safe: one lock, held for the few additions of a call and
 * never while anything is waited for.
 */
public final class Limits {

  /** The rule by which a call is refused because no count can be kept for it. */
  static final String NO_ROOM = "llm.limits.counters_max";

  private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Map<CountKey, Count> counts = new HashMap<>();
  private Instant sweptAt = Instant.MIN;
  private Metering metering = Metering.NONE;
  private int share = 1;

  public Limits(InstantSource clock) {
    this.clock = clock;
  }

  /** What a call needs of one count. */
  record Need(CountKey key, long most, long amount) {}

  /** What a call took of one count, and in which slot. */
  record Taken(CountKey key, long most, long slot, long amount) {}

  /** What came of the wish to take. */
  sealed interface Result {

    /** All of it was taken. */
    record Took(List<Taken> taken) implements Result {}

    /** Nothing was: this limit is the one that takes longest to have room. */
    record Full(Refusal refusal) implements Result {}

    /** Nothing was: so many counts are kept at most. */
    record NoRoom(int countersMax) implements Result {}
  }

  /** Puts other limits in force; counts of limits that are gone are forgotten. */
  public synchronized void replace(Metering replacement) {
    metering = replacement;
    counts.keySet().removeIf(key -> most(key).isEmpty());
  }

  private Optional<Long> most(CountKey key) {
    return metering.limits().stream()
        .filter(limit -> limit.name().equals(key.limit()))
        .findFirst()
        .flatMap(limit -> Optional.ofNullable(limit.amounts().get(key.measure())));
  }

  /** What a call may take. */
  public Claim claim(Metering inForce, Asked asked) {
    return new Claim(this, inForce, asked);
  }

  Instant now() {
    return clock.instant();
  }

  synchronized Result take(List<Need> needs, int countersMax) {
    Instant now = now();
    Refusal refusal = null;
    for (Need need : needs) {
      Count count = counts.get(need.key());
      if (count != null) {
        count.forget(now);
      }
      long used = count == null ? 0 : count.used(share);
      if (used > need.most() - need.amount()) {
        Refusal full = refusal(need, count == null ? new Count(need.key()) : count, used, now);
        refusal = refusal == null || refusal.freeAt().isBefore(full.freeAt()) ? full : refusal;
      }
    }
    if (refusal != null) {
      return new Result.Full(refusal);
    }
    if (!makeRoom(needs, countersMax, now)) {
      return new Result.NoRoom(countersMax);
    }
    List<Taken> taken = new ArrayList<>(needs.size());
    for (Need need : needs) {
      long slot = need.key().measure().span().slot(now);
      counts.computeIfAbsent(need.key(), Count::new).slot(slot).untold += need.amount();
      taken.add(new Taken(need.key(), need.most(), slot, need.amount()));
    }
    return new Result.Took(taken);
  }

  private Refusal refusal(Need need, Count count, long used, Instant now) {
    Instant free = count.fallsTo(need.most() - need.amount(), now, share);
    return new Refusal(need.key(), need.most(), used, need.amount(), free, now);
  }

  /** Whether the counts that are not there yet may be made. */
  private boolean makeRoom(List<Need> needs, int countersMax, Instant now) {
    long missing = needs.stream().filter(need -> !counts.containsKey(need.key())).count();
    if (counts.size() + missing > countersMax && !now.isBefore(sweptAt.plus(SWEEP_EVERY))) {
      sweptAt = now;
      counts
          .values()
          .removeIf(
              count -> {
                count.forget(now);
                return count.isEmpty();
              });
      missing = needs.stream().filter(need -> !counts.containsKey(need.key())).count();
    }
    return counts.size() + missing <= countersMax;
  }

  /** Corrects what was taken; a slot that no longer counts is left alone. */
  synchronized void correct(Taken taken, long truth) {
    Count count = counts.get(taken.key());
    if (count != null) {
      count.known(taken.slot()).ifPresent(slot -> slot.untold += truth - taken.amount());
    }
  }

  /** How the limits stand that a call fell under. */
  synchronized List<Standing> standings(List<Taken> taken) {
    Instant now = now();
    return taken.stream().map(one -> standing(one.key(), one.most(), now)).toList();
  }

  private Standing standing(CountKey key, long most, Instant now) {
    Count count = counts.get(key);
    if (count == null) {
      return new Standing(key.measure(), most, most, now);
    }
    count.forget(now);
    long left = Math.max(0, most - count.used(share));
    return new Standing(key.measure(), most, left, count.fallsTo(0, now, share));
  }

  /** How all limits stand, in the config's order, then by whose count it is. */
  public synchronized List<LimitStatus> statuses() {
    Instant now = now();
    List<LimitStatus> all = new ArrayList<>();
    for (UsageLimit limit : metering.limits()) {
      limit.amounts().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(amount -> all.addAll(statuses(limit, amount.getKey(), amount.getValue(), now)));
    }
    return all;
  }

  private List<LimitStatus> statuses(UsageLimit limit, Measure measure, long most, Instant now) {
    List<LimitStatus> used =
        counts.values().stream()
            .filter(count -> count.key().limit().equals(limit.name()))
            .filter(count -> count.key().measure() == measure)
            .map(count -> status(count, most, now))
            .filter(status -> status.used() > 0)
            .sorted(Comparator.comparing(LimitStatus::whose))
            .toList();
    return used.isEmpty()
        ? List.of(new LimitStatus(limit.name(), measure, "", 0, most, Optional.empty()))
        : used;
  }

  private LimitStatus status(Count count, long most, Instant now) {
    count.forget(now);
    CountKey key = count.key();
    return new LimitStatus(
        key.limit(),
        key.measure(),
        key.whose(),
        count.used(share),
        most,
        Optional.of(count.fallsTo(0, now, share)));
  }

  /** Counts that are kept. */
  synchronized int size() {
    return counts.size();
  }
}
