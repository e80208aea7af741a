package dev.gatehouse.llm.failover;

import dev.gatehouse.core.fleet.HealthListener.RestingLane;
import dev.gatehouse.llm.failover.Standing.Origin;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Until when a credential rests because its quota is used up. Shared by all models of it. */
final class CredentialHealth {

  /** A rest; one that is over says nothing. */
  record Rest(long untilNanos, long sinceNanos, Origin origin) {}

  private final String name;
  private final AtomicReference<Rest> rest;

  /**
   * @param name what the fleet calls it
   */
  CredentialHealth(String name, long nowNanos) {
    this.name = name;
    this.rest = new AtomicReference<>(new Rest(nowNanos, nowNanos, Origin.LOCAL));
  }

  String name() {
    return name;
  }

  /** Rests at least until then. */
  void restUntil(long untilNanos, long nowNanos, Origin origin) {
    rest.accumulateAndGet(
        new Rest(untilNanos, nowNanos, origin),
        (now, next) -> next.untilNanos() - now.untilNanos() > 0 ? next : now);
  }

  Rest rest() {
    return rest.get();
  }

  /** The rest that is not over; empty when there is none. */
  Optional<RestingLane> resting(long nowNanos) {
    Rest now = rest.get();
    return rests(nowNanos)
        ? Optional.of(
            new RestingLane(
                name,
                Duration.ofNanos(now.untilNanos() - nowNanos),
                Duration.ofNanos(nowNanos - now.sinceNanos()),
                now.origin() == Origin.LOCAL))
        : Optional.empty();
  }

  boolean rests(long nowNanos) {
    return rest.get().untilNanos() - nowNanos > 0;
  }
}
