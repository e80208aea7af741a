package dev.gatehouse.policy.activity;

import dev.gatehouse.core.fleet.FleetSums;
import dev.gatehouse.core.fleet.SharedSums;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.policy.activity.ActivityName.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What agents did of late at all processes of a fleet: tells what is counted here and hears what
 * the others counted, by the fleet's clock. Thread-safe.
 *
 * <p>While the fleet does not answer, each process goes by its own calls and the fleet's last word:
 * an agent is found to drift by what it did, and not by what it may have done elsewhere.
 */
final class FleetActivity implements SharedSums {

  /** Counts that wait to be told; more wait for their next call. */
  private static final int WAITING_MAX = 200_000;

  /** So much longer than they count the fleet keeps sums, as its processes' clocks may differ. */
  private static final Duration KEEP_LONGER = Duration.ofMinutes(10);

  private final ActivityCounters counters;
  private final SessionPasts pasts;
  private final Duration sessionIdle;
  private final InstantSource clock;
  private final Queue<SharedCount> changed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Set<ActivityName> noted = ConcurrentHashMap.newKeySet();
  private volatile long aheadMillis;

  private FleetActivity(
      ActivityCounters counters, SessionPasts pasts, Duration sessionIdle, InstantSource clock) {
    this.counters = counters;
    this.pasts = pasts;
    this.sessionIdle = sessionIdle;
    this.clock = clock;
  }

  /** From now on these count with the fleet; once, and before the first call. */
  static void share(
      ActivityCounters counters,
      SessionPasts pasts,
      Duration sessionIdle,
      InstantSource clock,
      FleetSums fleet) {
    FleetActivity activity = new FleetActivity(counters, pasts, sessionIdle, clock);
    counters.countWith(activity);
    pasts.tell(activity);
    fleet.share(activity);
  }

  /** The fleet's time when it is that late here. */
  long time(long nowMillis) {
    return nowMillis + aheadMillis;
  }

  /** How long the fleet has to remember a sum after its last change. */
  Duration keep(Kind kind) {
    return kind.isOfAgent()
        ? Duration.ofMillis(kind.slotMillis * (kind.before + 1)).plus(KEEP_LONGER)
        : sessionIdle;
  }

  /** Whether that count will be told from now on. */
  boolean changed(SharedCount count) {
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      return false;
    }
    return changed.add(count);
  }

  /** That happened in a session here. */
  void noted(SessionKey session, Kind kind, Set<Glob> patterns) {
    if (patterns.isEmpty() || noted.size() >= WAITING_MAX || !counters.isShared(session)) {
      return;
    }
    patterns.forEach(pattern -> noted.add(new ActivityName(kind, session, pattern.pattern())));
  }

  // --- the fleet's side ------------------------------------------------------------------------

  @Override
  public List<Part> untold(int max) {
    List<Part> parts = new ArrayList<>();
    Iterator<ActivityName> names = noted.iterator();
    while (parts.size() < max && names.hasNext()) {
      parts.add(once(names.next()));
      names.remove();
    }
    long now = clock.millis();
    while (parts.size() < max) {
      SharedCount count = changed.poll();
      if (count == null) {
        break;
      }
      waiting.decrementAndGet();
      parts.addAll(count.tell(now));
    }
    return parts;
  }

  private Part once(ActivityName name) {
    return new Part(name.text(), 0, 1, 0, keep(name.kind()));
  }

  @Override
  public void arrived(List<Part> told) {
    for (Part part : told) {
      ActivityName.parse(part.name())
          .flatMap(counters::known)
          .ifPresent(count -> count.arrived(part));
    }
  }

  @Override
  public void heard(List<Part> sums) {
    long now = clock.millis();
    for (Part part : sums) {
      Optional<ActivityName> name = ActivityName.parse(part.name());
      if (name.isEmpty() || part.amount() <= 0) {
        continue;
      }
      if (name.get().kind().isOfPattern()) {
        pasts.heard(name.get());
      } else {
        counters.shared(name.get()).ifPresent(count -> count.heard(part, now));
      }
    }
  }

  @Override
  public List<Part> known() {
    long now = clock.millis();
    List<Part> parts = new ArrayList<>();
    counters.shared().forEach(count -> parts.addAll(count.known(now)));
    pasts
        .known()
        .filter(name -> counters.isShared(name.session()))
        .map(this::once)
        .forEach(parts::add);
    return parts;
  }

  @Override
  public void together(Instant now) {
    aheadMillis = now.toEpochMilli() - clock.millis();
  }

  @Override
  public void apart(int processes) {
    // each goes by what it knows
  }
}
