package dev.gatehouse.policy.activity;

import static java.util.stream.Collectors.toSet;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.SessionPast;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Sequence;
import dev.gatehouse.core.registry.Sequence.NeverAfter;
import dev.gatehouse.core.registry.Sequence.RequireBefore;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What was called in sessions before, as far as the manifests of their agents ask, in bounded
 * memory: at most {@link ActivityLimits#sessionsMax} sessions, each with patterns of its agent's
 * manifest. Thread-safe.
 */
public final class SessionPasts {

  private final Cache<SessionKey, SessionPast> sessions;

  public SessionPasts(ActivityLimits limits, InstantSource clock) {
    sessions =
        Caffeine.newBuilder()
            .maximumSize(limits.sessionsMax())
            .expireAfterAccess(limits.sessionIdle())
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(Runnable::run)
            .build();
  }

  /** What was called in the session of that call before. */
  public SessionPast before(GovernedCall call, Agent agent) {
    List<Sequence> sequences = agent.manifest().bounds().sequences();
    if (sequences.isEmpty()) {
      return SessionPast.NONE;
    }
    SessionPast past = sessions.getIfPresent(SessionKey.of(call));
    return past == null ? SessionPast.NONE : past.only(asked(sequences));
  }

  /** That call is let through. */
  public void begun(GovernedCall call, Agent agent) {
    List<Sequence> sequences = agent.manifest().bounds().sequences();
    if (sequences.isEmpty()) {
      return;
    }
    Set<Glob> now = firsts(sequences).filter(after -> after.matches(call.name())).collect(toSet());
    if (!now.isEmpty()) {
      note(call, sequences, new SessionPast(now, Set.of()));
    }
  }

  /** That call was carried out without an error. */
  public void completed(GovernedCall call, Agent agent) {
    List<Sequence> sequences = agent.manifest().bounds().sequences();
    if (sequences.isEmpty()) {
      return;
    }
    Set<Glob> now =
        required(sequences).filter(require -> require.matches(call.name())).collect(toSet());
    if (!now.isEmpty()) {
      note(call, sequences, new SessionPast(Set.of(), now));
    }
  }

  private void note(GovernedCall call, List<Sequence> sequences, SessionPast now) {
    var _ =
        sessions
            .asMap()
            .merge(
                SessionKey.of(call),
                now,
                (past, more) ->
                    past.only(asked(sequences))
                        .withBegun(more.begun())
                        .withCompleted(more.completed()));
  }

  private static Set<Glob> asked(List<Sequence> sequences) {
    return Stream.concat(firsts(sequences), required(sequences)).collect(toSet());
  }

  private static Stream<Glob> firsts(List<Sequence> sequences) {
    return sequences.stream()
        .filter(NeverAfter.class::isInstance)
        .map(sequence -> ((NeverAfter) sequence).after());
  }

  private static Stream<Glob> required(List<Sequence> sequences) {
    return sequences.stream()
        .filter(RequireBefore.class::isInstance)
        .map(sequence -> ((RequireBefore) sequence).require());
  }
}
