package dev.gatehouse.policy.activity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What each agent did of late, counted in bounded memory. Thread-safe.
 *
 * <p>Sessions are named by clients. Forgetting one, because it was idle or because too many were
 * named, or naming a new one for every call does not set an agent back to zero: its hour, kept by
 * agent, is the floor of every session (see {@link ActivityLimits#sessionsExpected}). Only
 * registered agents are counted, so that their number is bounded by the registry's.
 */
public final class ActivityCounters {

  /** Most agents that are counted at a time; no less than a registry holds. */
  static final int AGENTS_MAX = 100_000;

  /** Longer than the longest window: what is forgotten would have been zero. */
  private static final Duration AGENT_IDLE = Duration.ofHours(2);

  private final int sessionsExpected;
  private final Cache<AgentId, AgentActivity> agents;
  private final Cache<SessionKey, AtomicInteger> sessions;

  public ActivityCounters(ActivityLimits limits, InstantSource clock) {
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

  /** Counts the call; returns what the agent did of late, this call included. */
  public Activity count(GovernedCall call, Agent agent, long nowMillis) {
    OptionalInt own =
        call.session().isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(
                sessions.get(SessionKey.of(call), _ -> new AtomicInteger()).incrementAndGet());
    return agents
        .get(agent.id(), _ -> new AgentActivity())
        .count(nowMillis, agent.manifest().callsPerMinute(), own, sessionsExpected);
  }
}
