package dev.gatehouse.policy.activity;

import static java.util.stream.Collectors.toSet;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.SessionPast;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.JobBounds;
import dev.gatehouse.core.registry.Sequence;
import dev.gatehouse.core.registry.Sequence.NeverAfter;
import dev.gatehouse.core.registry.Sequence.RequireBefore;
import dev.gatehouse.policy.activity.ActivityName.Kind;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was called in sessions before, as far as the manifests of their agents ask, in bounded
 * memory: at most {@link ActivityLimits#sessionsMax} sessions, each with patterns of its agent's
 * manifest. Thread-safe.
 */
final class SessionPasts {

  /** Patterns of a session up to which more are heard: those of several versions of a manifest. */
  private static final int HEARD_MAX = 4 * JobBounds.SEQUENCES_MAX;

  private final Cache<SessionKey, SessionPast> sessions;
  private volatile @Nullable FleetActivity fleet;

  SessionPasts(ActivityLimits limits, InstantSource clock) {
    sessions =
        Caffeine.newBuilder()
            .maximumSize(limits.sessionsMax())
            .expireAfterAccess(limits.sessionIdle())
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(Runnable::run)
            .build();
  }

  /** From now on what is called here and elsewhere counts; before the first call. */
  void tell(FleetActivity other) {
    fleet = other;
  }

  /** What was called in the session of that call before. */
  SessionPast before(GovernedCall call, Agent agent) {
    List<Sequence> sequences = agent.manifest().bounds().sequences();
    if (sequences.isEmpty()) {
      return SessionPast.NONE;
    }
    SessionPast past = sessions.getIfPresent(SessionKey.of(call));
    return past == null ? SessionPast.NONE : past.only(asked(sequences));
  }

  /** That call is let through. */
  void begun(GovernedCall call, Agent agent) {
    Set<Glob> now = Set.of();
    for (Sequence sequence : agent.manifest().bounds().sequences()) {
      if (sequence instanceof NeverAfter(var after, _) && after.matches(call.name())) {
        now = with(now, after);
      }
    }
    if (!now.isEmpty()) {
      note(call, agent, new SessionPast(now, Set.of()));
    }
  }

  /** That call was carried out without an error. */
  void completed(GovernedCall call, Agent agent) {
    Set<Glob> now = Set.of();
    for (Sequence sequence : agent.manifest().bounds().sequences()) {
      if (sequence instanceof RequireBefore(_, var require) && require.matches(call.name())) {
        now = with(now, require);
      }
    }
    if (!now.isEmpty()) {
      note(call, agent, new SessionPast(Set.of(), now));
    }
  }

  private static Set<Glob> with(Set<Glob> some, Glob another) {
    Set<Glob> all = new HashSet<>(some);
    all.add(another);
    return all;
  }

  private void note(GovernedCall call, Agent agent, SessionPast now) {
    SessionKey session = SessionKey.of(call);
    var _ =
        sessions
            .asMap()
            .merge(
                session,
                now,
                (past, more) ->
                    both(past.only(asked(agent.manifest().bounds().sequences())), more));
    FleetActivity others = fleet;
    if (others != null) {
      others.noted(session, Kind.BEGUN, now.begun());
      others.noted(session, Kind.COMPLETED, now.completed());
    }
  }

  private static SessionPast both(SessionPast past, SessionPast more) {
    return past.withBegun(more.begun()).withCompleted(more.completed());
  }

  /** That was called elsewhere. */
  void heard(ActivityName name) {
    Set<Glob> pattern = Set.of(new Glob(name.pattern()));
    SessionPast now =
        name.kind() == Kind.BEGUN
            ? new SessionPast(pattern, Set.of())
            : new SessionPast(Set.of(), pattern);
    var _ =
        sessions
            .asMap()
            .merge(name.session(), now, (past, more) -> isFull(past) ? past : both(past, more));
  }

  private static boolean isFull(SessionPast past) {
    return past.begun().size() + past.completed().size() >= HEARD_MAX;
  }

  /** All that is known here. */
  Stream<ActivityName> known() {
    return sessions.asMap().entrySet().stream()
        .flatMap(
            one ->
                Stream.concat(
                    names(one.getKey(), Kind.BEGUN, one.getValue().begun()),
                    names(one.getKey(), Kind.COMPLETED, one.getValue().completed())));
  }

  private static Stream<ActivityName> names(SessionKey session, Kind kind, Set<Glob> patterns) {
    return patterns.stream().map(pattern -> new ActivityName(kind, session, pattern.pattern()));
  }

  private static Set<Glob> asked(List<Sequence> sequences) {
    return sequences.stream()
        .map(
            sequence ->
                switch (sequence) {
                  case NeverAfter(var after, _) -> after;
                  case RequireBefore(_, var require) -> require;
                })
        .collect(toSet());
  }
}
