package dev.gatehouse.mcp.legacy;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.mcp.asking.ClientCapabilities;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.http.Timers;
import dev.gatehouse.mcp.lists.ListKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;

/**
 * The sessions, bounded in number and in idle time. A session answers to its own agent only; to
 * another it does not exist. Thread-safe.
 */
final class Sessions {

  private static final int ID_BYTES = 32;

  private final ConcurrentMap<String, Session> sessions = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Timers timers;

  /**
   * @param random a cryptographically strong source: a session's id must not be guessed
   */
  Sessions(InstantSource clock, RandomGenerator random, Timers timers) {
    this.clock = clock;
    this.timers = timers;
    this.random = random;
  }

  /**
   * Opens a session; empty when the server holds {@code sessionsMax} in use.
   *
   * @param polling whether the client knows of connections that the server closes
   */
  synchronized Optional<Session> open(
      AgentId agent, ClientCapabilities capabilities, boolean polling, McpConfig config) {
    Instant now = clock.instant();
    expire(now, config.times().sessionIdle());
    makeRoom(agent, config.limits().sessionsPerAgentMax());
    if (sessions.size() >= config.limits().sessionsMax()) {
      return Optional.empty();
    }
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    Session session =
        new Session(
            Base64.getUrlEncoder().withoutPadding().encodeToString(id),
            agent,
            capabilities.withoutTheRest(),
            new SessionStreams(polling, config, timers),
            random,
            timers,
            now);
    sessions.put(session.id(), session);
    return Optional.of(session);
  }

  /** The agent's session of that id, while it lasts. */
  Optional<Session> find(String id, AgentId agent, Duration idle) {
    Session session = sessions.get(id);
    if (session == null || !session.agent().equals(agent)) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (idle(session, now, idle)) {
      end(session);
      return Optional.empty();
    }
    session.touch(now);
    return Optional.of(session);
  }

  /** Ends a session. */
  void end(Session session) {
    sessions.remove(session.id());
    session.close();
  }

  /** Tells every session that a list changed. */
  void listChanged(ListKind kind) {
    sessions.values().forEach(session -> session.listChanged(kind));
  }

  int size() {
    return sessions.size();
  }

  private void expire(Instant now, Duration idle) {
    sessions.values().stream().filter(session -> idle(session, now, idle)).forEach(this::end);
  }

  /** A client that never says goodbye leaves sessions behind; its oldest one makes room. */
  private void makeRoom(AgentId agent, int max) {
    List<Session> own =
        sessions.values().stream()
            .filter(session -> session.agent().equals(agent))
            .sorted(Comparator.comparing(Session::lastUsed))
            .toList();
    own.stream().limit(Math.max(0, own.size() - max + 1)).forEach(this::end);
  }

  private static boolean idle(Session session, Instant now, Duration idle) {
    return !session.busy() && !now.isBefore(session.lastUsed().plus(idle));
  }
}
