package dev.gatehouse.llm.failover;

import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.llm.config.BreakerLimits;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The health of one lane: a provider with one credential and one model. Thread-safe.
 *
 * <p>CLOSED → OPEN when so many failures fall into the window, or when the provider does not know
 * the model; OPEN → HALF_OPEN when its time is over and somebody asks; HALF_OPEN → CLOSED when the
 * one probe serves, → OPEN when it fails. A request that began before the breaker opened says
 * nothing to a half-open one.
 *
 * <p>The breaker is Resilience4j's, which knows rates only. Failures alone are recorded, so the
 * rate is always 100 % and the minimum number of calls becomes the number of failures; a success in
 * closed state is not recorded at all.
 */
public final class LaneHealth {

  /** What the breaker wants to see of a failure; it carries nothing. */
  private static final class TryFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TryFailed() {
      super("a try failed", null, false, false);
    }
  }

  private final String provider;
  private final String model;
  private final BreakerLimits limits;
  private final Clock clock;
  private final CredentialHealth credential;
  private final CircuitBreaker breaker;
  private volatile Instant openUntil = Instant.EPOCH;

  LaneHealth(
      String provider,
      String model,
      BreakerLimits limits,
      Clock clock,
      CredentialHealth credential) {
    this.provider = provider;
    this.model = model;
    this.limits = limits;
    this.clock = clock;
    this.credential = credential;
    this.breaker =
        CircuitBreaker.of(
            provider + "/" + model,
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.TIME_BASED)
                .slidingWindowSize((int) limits.window().toSeconds())
                .minimumNumberOfCalls(limits.failuresMax())
                .failureRateThreshold(100)
                .waitDurationInOpenState(limits.openFor())
                .permittedNumberOfCallsInHalfOpenState(1)
                .writableStackTraceEnabled(false)
                .clock(clock)
                .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
                .build());
  }

  /** Asks to use the lane. */
  public Entry enter() {
    Instant rests = credential.until();
    if (clock.instant().isBefore(rests)) {
      return new Entry.Shut(new Exclusion(provider, "quota_exhausted", Optional.of(rests)));
    }
    if (breaker.tryAcquirePermission()) {
      return new Entry.Open(new Ticket(breaker.getState() == State.HALF_OPEN));
    }
    boolean probing = breaker.getState() == State.HALF_OPEN;
    return new Entry.Shut(
        probing
            ? new Exclusion(provider, "probe_in_flight", Optional.empty())
            : new Exclusion(provider, "breaker_open", Optional.of(openUntil)));
  }

  /** How the lane stands, for people. */
  public LaneStatus status() {
    boolean resting = clock.instant().isBefore(credential.until());
    State state = breaker.getState();
    boolean due = state == State.OPEN && !clock.instant().isBefore(openUntil);
    return new LaneStatus(
        provider,
        model,
        resting
            ? LaneStatus.State.QUOTA_EXHAUSTED
            : state == State.CLOSED
                ? LaneStatus.State.HEALTHY
                : state == State.HALF_OPEN || due
                    ? LaneStatus.State.PROBING
                    : LaneStatus.State.UNHEALTHY,
        resting
            ? Optional.of(credential.until())
            : state == State.OPEN ? Optional.of(openUntil) : Optional.empty(),
        breaker.getMetrics().getNumberOfFailedCalls());
  }

  private void served(boolean probe) {
    if (probe && breaker.getState() == State.HALF_OPEN) {
      breaker.onSuccess(0, TimeUnit.MILLISECONDS);
    }
  }

  private void failed(Fault fault, boolean probe) {
    if (!fault.kind().countsAgainstLane()) {
      if (probe) {
        breaker.releasePermission();
      }
      return;
    }
    if (!probe && breaker.getState() == State.HALF_OPEN) {
      return;
    }
    Instant now = clock.instant();
    switch (fault.kind()) {
      case QUOTA -> {
        credential.restUntil(now.plus(limits.quotaBench()));
        if (probe) {
          breaker.releasePermission();
        }
      }
      case MODEL_NOT_FOUND -> {
        openUntil = now.plus(limits.modelBench());
        breaker.transitionToOpenStateFor(limits.modelBench());
      }
      default -> {
        boolean wasOpen = breaker.getState() == State.OPEN;
        breaker.onError(0, TimeUnit.MILLISECONDS, new TryFailed());
        if (!wasOpen && breaker.getState() == State.OPEN) {
          openUntil = now.plus(limits.openFor());
        }
      }
    }
  }

  private final class Ticket implements Pass {

    private volatile boolean probe;
    private final AtomicBoolean used = new AtomicBoolean();

    Ticket(boolean probe) {
      this.probe = probe;
    }

    @Override
    public void begun() {
      if (probe && !used.get()) {
        LaneHealth.this.served(true);
        probe = false;
      }
    }

    @Override
    public void served() {
      if (used.compareAndSet(false, true)) {
        LaneHealth.this.served(probe);
      }
    }

    @Override
    public void failed(Fault fault) {
      if (used.compareAndSet(false, true)) {
        LaneHealth.this.failed(fault, probe);
      }
    }

    @Override
    public void abandoned() {
      if (used.compareAndSet(false, true) && probe) {
        breaker.releasePermission();
      }
    }
  }
}
