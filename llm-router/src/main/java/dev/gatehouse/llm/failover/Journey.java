package dev.gatehouse.llm.failover;

import dev.gatehouse.core.outcome.Candidate;
import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.llm.config.ExposureLimits;
import dev.gatehouse.llm.config.LlmLimits;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One call's way along its lanes: which comes next, after what, and which do not. It sends nothing
 * and waits for nothing; whoever walks it says what happened and is told the next {@link Step}. Not
 * thread-safe.
 *
 * <p>One budget of hops holds for the whole way, and a route's limits hold on every hop. Once an
 * answer has begun to reach the client there is no next step any more.
 */
public final class Journey {

  /** What to do next. */
  public sealed interface Step {

    /** Send the call to that lane. */
    record Go(Lane lane, Pass pass) implements Step {}

    /** Wait for the fleet's answer and give it to {@link Journey#answered}. */
    record Ask(CompletionStage<Entry> answer) implements Step {}

    /** Wait so long, then take {@link Journey#again}. */
    record Wait(Duration length) implements Step {}

    /** Tell the client what that lane said. */
    record Raise(Lane lane, Fault fault) implements Step {}

    /** The client has part of an answer that broke off: tell it so. */
    record Broken(Lane lane, Fault fault) implements Step {}

    /** Nobody is left to ask. */
    record End() implements Step {}
  }

  private final List<Lane> lanes;
  private final ExposureLimits bounds;
  private final LlmLimits limits;
  private final RandomGenerator random;
  private final List<Candidate> candidates;
  private final List<Exclusion> excluded = new ArrayList<>(2);
  private final List<Integer> excludedAt = new ArrayList<>(2);
  private final Heard heard = new Heard();

  private int at = -1;
  private int failures;
  private int hops;
  private int retries;
  private long contextAbove = -1;
  private long bytesAbove = -1;
  private boolean begun;

  /**
   * @param lanes in the order of trying
   * @param bounds what none of them may overstep
   * @param random where the jitter of retries comes from
   */
  public Journey(
      List<Lane> lanes, ExposureLimits bounds, LlmLimits limits, RandomGenerator random) {
    this.lanes = lanes;
    this.bounds = bounds;
    this.limits = limits;
    this.random = random;
    this.candidates = lanes.stream().map(Journey::candidate).toList();
  }

  private static Candidate candidate(Lane lane) {
    LaneStatus status = lane.health().status();
    return new Candidate(
        lane.provider().name(),
        lane.model(),
        status.state().name().toLowerCase(Locale.ROOT),
        status.origin().name().toLowerCase(Locale.ROOT),
        status.age(),
        status.recentFailures(),
        status.until());
  }

  /** All lanes in the order of trying, as their health was known when the call set out. */
  public List<Candidate> candidates() {
    return candidates;
  }

  /** The lanes that were passed by so far, and why. */
  public List<Exclusion> excluded() {
    return excluded;
  }

  /** The place, in the order of trying, of each lane that was passed by. */
  public List<Integer> excludedPlaces() {
    return excludedAt;
  }

  /** The place of the lane that it is at. */
  public int place() {
    return at;
  }

  /**
   * What it was told so far, from which all its steps follow, as rows keep it; not to be changed.
   */
  public List<Map<String, Object>> heard() {
    return heard.events();
  }

  /** The next lane that takes the call. */
  public Step next() {
    while (++at < lanes.size()) {
      Lane lane = lanes.get(at);
      retries = 0;
      Optional<String> barred = barred(lane);
      if (barred.isPresent()) {
        exclude(lane, barred.get());
      } else {
        Step step = enter(lane);
        if (step != null) {
          return step;
        }
      }
    }
    return new Step.End();
  }

  private Optional<String> barred(Lane lane) {
    Optional<String> exposure = bounds.bar(lane.provider().exposure());
    if (exposure.isPresent()) {
      return exposure;
    }
    if (tooSmall(lane)) {
      return Optional.of("limit_too_small");
    }
    return failures > 0 && hops == limits.hopsMax()
        ? Optional.of("hop_budget_spent")
        : Optional.empty();
  }

  private boolean tooSmall(Lane lane) {
    return (contextAbove >= 0 && lane.target().contextTokensMax() <= contextAbove)
        || (bytesAbove >= 0 && lane.target().requestBytesMax() <= bytesAbove);
  }

  private @Nullable Step enter(Lane lane) {
    Entry entry = lane.health().enter();
    heard.entry(at, entry);
    return switch (entry) {
      case Entry.Open(var pass) -> new Step.Go(lane, pass);
      case Entry.Asked(var answer) -> new Step.Ask(answer);
      case Entry.Shut(var exclusion) -> {
        exclude(exclusion);
        yield null;
      }
    };
  }

  /** The fleet has answered for the lane that was asked about. */
  public Step answered(Entry entry) {
    heard.answered(entry);
    return switch (entry) {
      case Entry.Open(var pass) -> new Step.Go(lanes.get(at), pass);
      case Entry.Asked(var answer) -> new Step.Ask(answer);
      case Entry.Shut(var exclusion) -> {
        exclude(exclusion);
        yield next();
      }
    };
  }

  /** The lane took the call, but the call cannot be put into its words. */
  public Step unsendable(Pass pass, String why, String field) {
    pass.abandoned();
    heard.unsendable(why, field);
    exclude(new Exclusion(lanes.get(at).provider().name(), why, Optional.empty(), field));
    return next();
  }

  /** The call is sent to the lane. */
  public void sent() {
    if (failures > 0 && retries == 0) {
      hops++;
    }
  }

  /** Some of the answer is about to reach the client. */
  public void begun() {
    begun = true;
  }

  /** The lane that the call was sent to has failed; its pass is told by whoever holds it. */
  public Step failed(Fault fault, Duration untilDeadline) {
    Lane lane = lanes.get(at);
    long leftMicros = Heard.micros(untilDeadline);
    heard.failed(fault, leftMicros);
    if (begun) {
      heard.broke();
      return new Step.Broken(lane, fault);
    }
    failures++;
    return switch (fault.reaction()) {
      case RETRY_THEN_NEXT -> retry(fault, leftMicros);
      case NEXT -> next();
      case LARGER_CONTEXT -> {
        contextAbove = lane.target().contextTokensMax();
        yield nextLargerOr(new Step.Raise(lane, fault));
      }
      case LARGER_BODY -> {
        bytesAbove = lane.target().requestBytesMax();
        yield nextLargerOr(new Step.Raise(lane, fault));
      }
      case RERAISE -> new Step.Raise(lane, fault);
    };
  }

  private Step retry(Fault fault, long leftMicros) {
    Duration asked = Duration.of(askedMicros(fault), ChronoUnit.MICROS);
    if (retries >= limits.retriesMax() || asked.compareTo(limits.retryAfterMax()) > 0) {
      return next();
    }
    Duration wait = asked.plus(jitter(asked.isZero()));
    if (Heard.micros(wait) >= leftMicros) {
      return next();
    }
    retries++;
    heard.waits(wait);
    return new Step.Wait(wait);
  }

  private static long askedMicros(Fault fault) {
    return fault.retryAfter().map(Heard::micros).orElse(0L);
  }

  /**
   * Half the delay to one and a half of it; after a wait that the provider asked for up to half of
   * it more, so that those who were refused together do not come back together.
   */
  private Duration jitter(boolean whole) {
    long delay = limits.retryDelay().toNanos();
    long spread = random.nextLong(delay + 1);
    return Duration.ofNanos(whole ? delay / 2 + spread : spread / 2);
  }

  /** The wait before the second try of a lane is over. */
  public Step again() {
    Step step = enter(lanes.get(at));
    return step == null ? next() : step;
  }

  private Step nextLargerOr(Step raise) {
    for (int i = at + 1; i < lanes.size(); i++) {
      if (!tooSmall(lanes.get(i))) {
        return next();
      }
    }
    return raise;
  }

  private void exclude(Lane lane, String why) {
    exclude(new Exclusion(lane.provider().name(), why, Optional.empty()));
  }

  private void exclude(Exclusion exclusion) {
    excluded.add(exclusion);
    excludedAt.add(at);
  }
}
