package dev.gatehouse.llm.failover;

import dev.gatehouse.core.fleet.FailureRule;
import dev.gatehouse.core.fleet.FleetHealth;
import dev.gatehouse.core.fleet.FleetStatus;
import dev.gatehouse.core.fleet.HealthListener.RestingLane;
import dev.gatehouse.core.fleet.ProbeAnswer;
import dev.gatehouse.core.fleet.ProbeLease;
import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.failover.Standing.Asking;
import dev.gatehouse.llm.failover.Standing.Closed;
import dev.gatehouse.llm.failover.Standing.Origin;
import dev.gatehouse.llm.failover.Standing.Probing;
import dev.gatehouse.llm.failover.Standing.Resting;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The breaker of one lane: a provider with one credential and one model. Thread-safe; {@link
 * Standing} lists its states.
 *
 * <p>It judges by what this process sees, and takes the fleet's word on top: a failure is told to
 * the fleet, which tells everybody when the sum is too high; a success is told to nobody. Time here
 * is a length since some moment, never a date, so that a clock that is wrong or set does not
 * matter.
 */
public final class LaneHealth implements LaneDoor {

  /** What it is, and by whose rules. */
  record Lane(String provider, String model, String name, BreakerLimits limits) {}

  private final Lane lane;
  private final Time time;
  private final CredentialHealth credential;
  private final FleetHealth fleet;
  private final FailureRule rule;
  private final FailureWindow window;
  private volatile Standing standing;

  LaneHealth(Lane lane, Time time, CredentialHealth credential, FleetHealth fleet) {
    BreakerLimits limits = lane.limits();
    this.lane = lane;
    this.time = time;
    this.credential = credential;
    this.fleet = fleet;
    this.rule = new FailureRule(limits.failuresMax(), limits.window(), limits.openFor());
    this.window = new FailureWindow(limits.failuresMax(), limits.window().toNanos());
    this.standing = new Closed(time.nanos(), Origin.LOCAL);
  }

  /** What the fleet calls it. */
  String name() {
    return lane.name();
  }

  @Override
  public Entry enter() {
    long now = time.nanos();
    if (credential.rests(now)) {
      return new Entry.Shut(
          exclusion("quota_exhausted", Optional.of(time.at(credential.rest().untilNanos(), now))));
    }
    return standing instanceof Closed ? open() : enterUnwell(now);
  }

  private synchronized Entry enterUnwell(long now) {
    return switch (standing) {
      case Closed _ -> open();
      case Asking _, Probing _ -> probedElsewhere();
      case Resting resting when resting.untilNanos() - now > 0 -> rests(resting, now);
      case Resting resting when resting.askAgainNanos() - now > 0 -> probedElsewhere();
      case Resting resting -> ask(resting);
    };
  }

  private Entry ask(Resting resting) {
    Asking asking = new Asking(resting, new Object());
    standing = asking;
    CompletableFuture<ProbeAnswer> answer = fleet.askToProbe(lane.name()).toCompletableFuture();
    return answer.isDone()
        ? answered(asking, answer.join())
        : new Entry.Asked(answer.thenApply(came -> answered(asking, came)));
  }

  private synchronized Entry answered(Asking asking, ProbeAnswer answer) {
    long now = time.nanos();
    if (!standing.equals(asking)) { // news came first, and counts more
      if (answer instanceof ProbeAnswer.Granted(var lease)) {
        lease.abandoned();
      }
      return switch (standing) {
        case Closed _ -> open();
        case Resting resting when resting.untilNanos() - now > 0 -> rests(resting, now);
        case Resting _, Asking _, Probing _ -> probedElsewhere();
      };
    }
    return switch (answer) {
      case ProbeAnswer.Granted(var lease) -> probe(asking.before(), lease);
      case ProbeAnswer.Alone() -> probe(asking.before(), null);
      case ProbeAnswer.Serves() -> {
        close(Origin.FLEET, now);
        yield open();
      }
      case ProbeAnswer.Rests(var remaining) -> {
        Resting resting = new Resting(now + remaining.toNanos(), now, Origin.FLEET);
        standing = resting;
        yield rests(resting, now);
      }
      case ProbeAnswer.Elsewhere(var atMost) -> {
        standing = new Resting(now, now, Origin.FLEET, now + atMost.toNanos());
        yield probedElsewhere();
      }
    };
  }

  private Entry probe(Resting before, @Nullable ProbeLease lease) {
    Ticket ticket = new Ticket(lease);
    standing = new Probing(ticket, before);
    return new Entry.Open(ticket);
  }

  private Entry open() {
    return new Entry.Open(new Ticket(null));
  }

  private Entry probedElsewhere() {
    return new Entry.Shut(exclusion("probe_in_flight", Optional.empty()));
  }

  private Entry rests(Resting resting, long now) {
    return new Entry.Shut(
        exclusion("breaker_open", Optional.of(time.at(resting.untilNanos(), now))));
  }

  private Exclusion exclusion(String why, Optional<Instant> until) {
    return new Exclusion(lane.provider(), why, until);
  }

  private void close(Origin origin, long now) {
    window.clear();
    standing = new Closed(now, origin);
  }

  private void rest(Duration length, Origin origin, long now) {
    standing = new Resting(now + length.toNanos(), now, origin);
  }

  // --- what the fleet says -----------------------------------------------------------------------

  /** The fleet lets it rest; a probe that is on its way here is not cut off, but ends in it. */
  synchronized void heardRests(Duration remaining) {
    long now = time.nanos();
    switch (standing) {
      case Asking _, Probing _ when !remaining.isPositive() -> {}
      case Probing(var probe, _) ->
          standing = new Probing(probe, new Resting(now + remaining.toNanos(), now, Origin.FLEET));
      case Asking _, Resting _, Closed _ -> rest(remaining, Origin.FLEET, now);
    }
  }

  synchronized void heardServes() {
    close(Origin.FLEET, time.nanos());
  }

  /** The rest that is not over; empty when there is none. */
  synchronized Optional<RestingLane> resting() {
    long now = time.nanos();
    return standing instanceof Resting rest && rest.untilNanos() - now > 0
        ? Optional.of(
            new RestingLane(
                lane.name(),
                Duration.ofNanos(rest.untilNanos() - now),
                Duration.ofNanos(now - rest.sinceNanos()),
                rest.origin() == Origin.LOCAL))
        : Optional.empty();
  }

  // --- for people --------------------------------------------------------------------------------

  @Override
  public synchronized LaneStatus status() {
    long now = time.nanos();
    int failures = window.count(now);
    if (credential.rests(now)) {
      CredentialHealth.Rest rest = credential.rest();
      return status(
          LaneStatus.State.QUOTA_EXHAUSTED,
          Optional.of(time.at(rest.untilNanos(), now)),
          failures,
          rest.origin(),
          now - rest.sinceNanos());
    }
    return switch (standing) {
      case Closed closed -> healthy(closed, failures, now);
      case Resting rest -> {
        boolean due = rest.untilNanos() - now <= 0;
        yield status(
            due ? LaneStatus.State.PROBING : LaneStatus.State.UNHEALTHY,
            due ? Optional.empty() : Optional.of(time.at(rest.untilNanos(), now)),
            failures,
            rest.origin(),
            now - rest.sinceNanos());
      }
      case Asking _, Probing _ ->
          status(
              LaneStatus.State.PROBING,
              Optional.empty(),
              failures,
              standing.origin(),
              now - standing.sinceNanos());
    };
  }

  /** Of a healthy lane the fleet's last word is that it has none. */
  private LaneStatus healthy(Closed closed, int failures, long now) {
    FleetStatus said = fleet.status();
    boolean known = said.mode() == FleetStatus.Mode.CONNECTED;
    return status(
        LaneStatus.State.HEALTHY,
        Optional.empty(),
        failures,
        known ? Origin.FLEET : Origin.LOCAL,
        known ? said.newsAge().toNanos() : now - closed.sinceNanos());
  }

  private LaneStatus status(
      LaneStatus.State state, Optional<Instant> until, int failures, Origin origin, long ageNanos) {
    return new LaneStatus(
        lane.provider(),
        lane.model(),
        state,
        until,
        failures,
        switch (origin) {
          case LOCAL -> LaneStatus.Origin.LOCAL;
          case FLEET -> LaneStatus.Origin.FLEET;
        },
        Duration.ofNanos(ageNanos));
  }

  // --- what a call learnt ------------------------------------------------------------------------

  private final class Ticket implements Pass {

    private final @Nullable ProbeLease lease;
    private final AtomicBoolean used = new AtomicBoolean();

    Ticket(@Nullable ProbeLease lease) {
      this.lease = lease;
    }

    @Override
    public void begun() {
      if (!used.get()) {
        probeServed();
      }
    }

    @Override
    public void served() {
      if (used.compareAndSet(false, true)) {
        probeServed();
      }
    }

    @Override
    public void failed(Fault fault) {
      if (used.compareAndSet(false, true)) {
        learn(fault);
      }
    }

    @Override
    public void abandoned() {
      if (used.compareAndSet(false, true)) {
        synchronized (LaneHealth.this) {
          giveUp();
        }
      }
    }

    private void probeServed() {
      if (standing instanceof Closed) {
        return; // the common case costs neither a lock nor a word to the fleet
      }
      synchronized (LaneHealth.this) {
        if (standing instanceof Probing(var probe, var before) && probe == this) {
          long now = time.nanos();
          if (before.untilNanos() - now > 0) {
            standing = before; // whoever let it rest meanwhile knew more than a probe of before
          } else {
            close(Origin.LOCAL, now);
          }
          if (lease != null) {
            lease.served();
          }
        }
      }
    }

    private boolean isProbe() {
      return standing instanceof Probing(var probe, _) && probe == this;
    }

    private void giveUp() {
      if (standing instanceof Probing(var probe, var before) && probe == this) {
        long now = time.nanos();
        standing = before.untilNanos() - now > 0 ? before : new Resting(now, now, Origin.LOCAL);
      }
      if (lease != null) {
        lease.abandoned();
      }
    }

    private void learn(Fault fault) {
      synchronized (LaneHealth.this) {
        long now = time.nanos();
        if (!fault.kind().countsAgainstLane()) {
          giveUp();
        } else if (fault.kind() == FaultKind.QUOTA) {
          Duration bench = lane.limits().quotaBench();
          credential.restUntil(now + bench.toNanos(), now, Origin.LOCAL);
          fleet.rest(credential.name(), bench);
          giveUp();
        } else if (isProbe()) {
          Duration bench = bench(fault);
          rest(bench, Origin.LOCAL, now);
          if (lease != null) {
            lease.failed(bench);
          }
        } else {
          count(fault, now);
        }
      }
    }

    /** What began before the lane went to rest says nothing to its probe. */
    private void count(Fault fault, long now) {
      boolean unknownModel = fault.kind() == FaultKind.MODEL_NOT_FOUND;
      switch (standing) {
        case Asking _, Probing _ -> {}
        case Resting _ when !unknownModel -> {}
        case Resting _, Closed _ -> {
          if (unknownModel) {
            rest(bench(fault), Origin.LOCAL, now);
            fleet.rest(lane.name(), bench(fault));
          } else {
            if (window.add(now)) {
              rest(lane.limits().openFor(), Origin.LOCAL, now);
            }
            fleet.failed(lane.name(), rule);
          }
        }
      }
    }

    private Duration bench(Fault fault) {
      return fault.kind() == FaultKind.MODEL_NOT_FOUND
          ? lane.limits().modelBench()
          : lane.limits().openFor();
    }
  }
}
