package dev.gatehouse.core.limit;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.fleet.FleetSums;
import dev.gatehouse.core.fleet.SharedSums;
import dev.gatehouse.core.gate.Allowance;
import dev.gatehouse.core.limit.Count.Slot;
import dev.gatehouse.core.limit.Measure.Span;
import dev.gatehouse.core.limit.Measure.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The counts of what calls use up. Thread-safe: one lock, held for the few additions of a call and
 * never while anything is waited for.
 */
public final class Limits implements SharedSums {

  /** Counts that are kept when nothing is said. */
  public static final int COUNTERS = 100_000;

  /** The end of the rule by which a call is refused because no count can be kept for it. */
  private static final String NO_ROOM = "counters_max";

  private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

  /** So much longer than they count the fleet keeps sums, as its processes' clocks may differ. */
  private static final Duration KEEP_LONGER = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final LongSupplier ticker;
  private final Map<CountKey, Count> counts = new HashMap<>();
  private Instant sweptAt = Instant.MIN;
  private List<UsageLimit> ofModels = List.of();
  private volatile List<UsageLimit> ofTools = List.of();
  private int countersMax = COUNTERS;
  private int share = 1;
  private final Set<CountKey> untold = new LinkedHashSet<>();
  private boolean shared;
  private long changes;
  private @Nullable Instant fleetTime;
  private long fleetNanos;

  /**
   * @param clock says how late it is, until a fleet does
   * @param ticker nanoseconds since some moment, by which a fleet's time goes on
   */
  public Limits(InstantSource clock, LongSupplier ticker) {
    this.clock = clock;
    this.ticker = ticker;
  }

  /** Shares the counts with a fleet. */
  public void share(FleetSums fleet) {
    synchronized (this) {
      shared = true;
    }
    fleet.share(this);
  }

  /**
   * What was used up in a slot, to be remembered over a restart.
   *
   * @param slot the number of a day or a month
   */
  record Kept(CountKey key, long slot, long used) {}

  /** What a call needs of one count. */
  public record Need(CountKey key, long most, long amount) {}

  /** What a call took of one count, and in which slot. */
  public record Taken(CountKey key, long most, long slot, long amount) {}

  /** What came of the wish to take. */
  public sealed interface Result {

    /** All of it was taken. */
    record Took(List<Taken> taken) implements Result {}

    /** Nothing was: this limit is the one that takes longest to have room. */
    record Full(Refusal refusal) implements Result {}

    /** Nothing was, because no more counts are kept: refused like that. */
    record NoRoom(Decision refusal) implements Result {}
  }

  /**
   * Puts other limits of models in force; counts of limits that are gone are forgotten.
   *
   * @param most counts that are kept at once, those of tools included
   */
  public synchronized void replaceOfModels(List<UsageLimit> limits, int most) {
    ofModels = List.copyOf(limits);
    countersMax = most;
    counts.keySet().removeIf(key -> most(key).isEmpty());
  }

  /** Puts other limits of tools in force; counts of limits that are gone are forgotten. */
  public synchronized void replaceOfTools(List<UsageLimit> limits) {
    ofTools = List.copyOf(limits);
    counts.keySet().removeIf(key -> most(key).isEmpty());
  }

  /** What a call takes of the limits of tools. */
  public Allowance ofCall(GovernedCall call) {
    List<UsageLimit> inForce = ofTools;
    return call instanceof ToolCall tool && !inForce.isEmpty()
        ? new ToolClaim(this, inForce, tool)
        : Allowance.UNLIMITED;
  }

  private List<UsageLimit> inForce() {
    return Stream.concat(ofModels.stream(), ofTools.stream()).toList();
  }

  private Optional<Long> most(CountKey key) {
    return inForce().stream()
        .filter(limit -> limit.name().equals(key.limit()))
        .flatMap(limit -> Optional.ofNullable(limit.amounts().get(key.measure())).stream())
        .findFirst();
  }

  private Instant now() {
    return fleetTime == null
        ? clock.instant()
        : fleetTime.plusNanos(ticker.getAsLong() - fleetNanos);
  }

  /** Takes all that is needed, or nothing. */
  public synchronized Result take(List<Need> wanted) {
    Instant now = now();
    List<Need> needs = wanted.stream().map(need -> counted(need, now)).toList();
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
    if (!makeRoom(needs, now)) {
      return new Result.NoRoom(noRoom(needs.getFirst().key().measure().unit()));
    }
    List<Taken> taken = new ArrayList<>(needs.size());
    for (Need need : needs) {
      long slot = need.key().measure().span().slot(now);
      counts.computeIfAbsent(need.key(), Count::new).slot(slot).untold += need.amount();
      changed(need.key());
      taken.add(new Taken(need.key(), need.most(), slot, need.amount()));
    }
    return new Result.Took(taken);
  }

  private Refusal refusal(Need need, Count count, long used, Instant now) {
    Instant free = count.fallsTo(need.most() - need.amount(), now, share);
    return new Refusal(need.key(), need.most(), used, need.amount(), free, now);
  }

  /**
   * Sessions are named by clients: those beyond what half of all counts hold share one count for
   * each agent, and keep nobody else from being counted.
   */
  private Need counted(Need need, Instant now) {
    if (!need.key().isOfSession()
        || counts.containsKey(need.key())
        || counts.size() < countersMax / 2) {
      return need;
    }
    sweep(now);
    return counts.size() < countersMax / 2
        ? need
        : new Need(need.key().withoutSession(), need.most(), need.amount());
  }

  private Decision noRoom(Unit unit) {
    return new Decision.Deny(
        new Reason(
            Refusal.family(unit) + NO_ROOM,
            "the gateway keeps at most "
                + countersMax
                + " counts of usage (llm.limit_counters_max), and all are in use"));
  }

  /** Whether the counts that are not there yet may be made. */
  private boolean makeRoom(List<Need> needs, Instant now) {
    if (counts.size() + missing(needs) > countersMax) {
      sweep(now);
    }
    return counts.size() + missing(needs) <= countersMax;
  }

  private long missing(List<Need> needs) {
    return needs.stream().map(Need::key).distinct().filter(key -> !counts.containsKey(key)).count();
  }

  /** Forgets counts of nothing, every now and then. */
  private void sweep(Instant now) {
    if (now.isBefore(sweptAt.plus(SWEEP_EVERY))) {
      return;
    }
    sweptAt = now;
    counts
        .values()
        .removeIf(
            count -> {
              count.forget(now);
              return count.isEmpty();
            });
  }

  /** Corrects what was taken; a slot that no longer counts is left alone. */
  public synchronized void correct(Taken taken, long truth) {
    Count count = counts.get(taken.key());
    if (count != null) {
      count.known(taken.slot()).ifPresent(slot -> slot.untold += truth - taken.amount());
      changed(taken.key());
    }
  }

  /** How the limits stand that a call fell under. */
  public synchronized List<Standing> standings(List<Taken> taken) {
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
    for (UsageLimit limit : inForce()) {
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

  private void changed(CountKey key) {
    changes++;
    if (shared) {
      untold.add(key);
    }
  }

  // --- over a restart --------------------------------------------------------------------------

  /** Grows whenever something is used up. */
  synchronized long changes() {
    return changes;
  }

  synchronized List<Kept> kept() {
    Instant now = now();
    List<Kept> all = new ArrayList<>();
    for (Count count : counts.values()) {
      if (count.key().measure().span().lasts()) {
        count.forget(now);
        count.slots().forEach(slot -> all.add(new Kept(count.key(), slot.number, slot.used(1))));
      }
    }
    return all;
  }

  synchronized void restore(List<Kept> all) {
    for (Kept one : all) {
      if (most(one.key()).isPresent()) {
        counts.computeIfAbsent(one.key(), Count::new).slot(one.slot()).sum = one.used();
      }
    }
  }

  // --- the fleet -------------------------------------------------------------------------------

  @Override
  public synchronized List<Part> untold(int max) {
    Instant now = now();
    List<Part> all = new ArrayList<>();
    Iterator<CountKey> keys = untold.iterator();
    while (keys.hasNext() && all.size() < max) {
      Count count = counts.get(keys.next());
      keys.remove();
      if (count != null) {
        count.forget(now);
        for (Slot slot : count.slots()) {
          if (slot.untold != 0) {
            all.add(part(count.key(), slot.number, slot.untold, now));
            slot.told += slot.untold;
            slot.untold = 0;
          }
        }
      }
    }
    return all;
  }

  private static Part part(CountKey key, long slot, long amount, Instant now) {
    Span span = key.measure().span();
    Duration keep = Duration.between(now, span.end(slot)).plus(KEEP_LONGER);
    return new Part(key.text(), slot, amount, span.oldest(now), keep);
  }

  @Override
  public synchronized void arrived(List<Part> told) {
    for (Part part : told) {
      slot(part)
          .ifPresent(
              slot -> {
                slot.told -= part.amount();
                slot.sum += part.amount();
              });
    }
  }

  private Optional<Slot> slot(Part part) {
    return CountKey.parse(part.name())
        .flatMap(key -> Optional.ofNullable(counts.get(key)))
        .flatMap(count -> count.known(part.slot()));
  }

  @Override
  public synchronized void heard(List<Part> sums) {
    Instant now = now();
    for (Part part : sums) {
      Optional<CountKey> key = CountKey.parse(part.name());
      if (key.isPresent()
          && most(key.get()).isPresent()
          && part.slot() >= key.get().measure().span().oldest(now)
          && (counts.containsKey(key.get()) || counts.size() < countersMax)) {
        counts.computeIfAbsent(key.get(), Count::new).slot(part.slot()).sum = part.amount();
        changes++;
      }
    }
  }

  @Override
  public synchronized List<Part> known() {
    Instant now = now();
    List<Part> all = new ArrayList<>();
    for (Count count : counts.values()) {
      count.forget(now);
      for (Slot slot : count.slots()) {
        if (slot.sum > 0) {
          all.add(part(count.key(), slot.number, slot.sum, now));
        }
      }
    }
    return all;
  }

  @Override
  public synchronized void together(Instant now) {
    fleetTime = now;
    fleetNanos = ticker.getAsLong();
    share = 1;
  }

  @Override
  public synchronized void apart(int processes) {
    share = processes;
  }
}
