package dev.gatehouse.policy.activity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.policy.activity.ActivityName.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What each agent did of late, counted in bounded memory. Thread-safe.
 *
 * <p>Sessions are named by clients. Forgetting one, because it was idle or because too many were
 * named, or naming a new one for every call does not set an agent back to zero: its hour, kept by
 * agent, is the floor of every session (see {@link ActivityLimits#sessionsExpected}). Only
 * registered agents are counted, so that their number is bounded by the registry's.
 */
final class ActivityCounters {

  /** Most agents that are counted at a time; no less than a registry holds. */
  static final int AGENTS_MAX = 100_000;

  /** Longer than the longest window: what is forgotten would have been zero. */
  private static final Duration AGENT_IDLE = Duration.ofHours(2);

  private final int sessionsExpected;
  private final Cache<AgentId, AgentActivity> agents;
  private final Cache<SessionKey, SessionCount> sessions;
  private volatile @Nullable FleetActivity fleet;

  ActivityCounters(ActivityLimits limits, InstantSource clock) {
    Ticker ticker = () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    this.sessionsExpected = limits.sessionsExpected();
    this.agents =
        Caffeine.newBuilder()
            .maximumSize(AGENTS_MAX)
            .expireAfterAccess(AGENT_IDLE)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
    this.sessions =
        Caffeine.newBuilder()
            .maximumSize(limits.sessionsMax())
            .expireAfterAccess(limits.sessionIdle())
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** From now on what is counted here and elsewhere counts; before the first call. */
  void countWith(FleetActivity other) {
    fleet = other;
  }

  /** Counts the call; returns what the agent did of late, this call included. */
  Activity count(GovernedCall call, Agent agent, long nowMillis) {
    AgentActivity whole = agent(agent.id());
    OptionalInt own =
        call.session().isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(session(SessionKey.of(call), whole, nowMillis).add(nowMillis));
    return whole.count(nowMillis, agent.manifest().callsPerMinute(), own, sessionsExpected);
  }

  private AgentActivity agent(AgentId id) {
    return agents.get(id, _ -> new AgentActivity(kind -> elsewhere(ActivityName.of(kind, id))));
  }

  private SessionCount session(SessionKey key, AgentActivity agent, long nowMillis) {
    return sessions.get(
        key,
        _ ->
            new SessionCount(
                fleet != null && agent.sharesSession(nowMillis)
                    ? elsewhere(nameOf(key))
                    : Elsewhere.NOBODY));
  }

  private static ActivityName nameOf(SessionKey session) {
    return new ActivityName(Kind.SESSION, session, "");
  }

  private Elsewhere elsewhere(ActivityName name) {
    FleetActivity with = fleet;
    return with == null ? Elsewhere.NOBODY : new SharedCount(name, with);
  }

  // --- the fleet -------------------------------------------------------------------------------

  /** Whether that session is counted over the fleet. */
  boolean isShared(SessionKey session) {
    return session.session().isEmpty() || known(nameOf(session)).isPresent();
  }

  /** The count of that name, if it is shared and known here. */
  Optional<SharedCount> known(ActivityName name) {
    return switch (name.kind()) {
      case SESSION ->
          Optional.ofNullable(sessions.getIfPresent(name.session()))
              .flatMap(ActivityCounters::shared);
      case MINUTE, HOUR, HOUR_WITHOUT_SESSION ->
          Optional.ofNullable(agents.getIfPresent(name.session().agent()))
              .flatMap(agent -> shared(agent.elsewhere(name.kind())));
      case BEGUN, COMPLETED -> Optional.empty();
    };
  }

  /** The same, which is made where there is none yet. */
  Optional<SharedCount> shared(ActivityName name) {
    if (name.kind() == Kind.SESSION) {
      return shared(sessions.get(name.session(), _ -> new SessionCount(elsewhere(name))));
    }
    return shared(agent(name.session().agent()).elsewhere(name.kind()));
  }

  /** All that are shared and known here. */
  Stream<SharedCount> shared() {
    return Stream.concat(
            agents.asMap().values().stream()
                .flatMap(agent -> Kind.ofAgents().map(agent::elsewhere)),
            sessions.asMap().values().stream().map(SessionCount::elsewhere))
        .flatMap(elsewhere -> shared(elsewhere).stream());
  }

  private static Optional<SharedCount> shared(SessionCount session) {
    return shared(session.elsewhere());
  }

  private static Optional<SharedCount> shared(Elsewhere elsewhere) {
    return elsewhere instanceof SharedCount count ? Optional.of(count) : Optional.empty();
  }
}
