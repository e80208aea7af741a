package dev.gatehouse.llm;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.llm.failover.Lane;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Who may go on from which stored response, and where it is: a response is kept by the provider
 * that made it, under a credential that all agents share. Thread-safe.
 *
 * <p>Knows the last {@link #KNOWN_MAX} of this process; going on from any other is refused.
 */
final class StoredResponses {

  static final int KNOWN_MAX = 100_000;

  private record Kept(AgentId agent, String provider, String model) {}

  private final SequencedMap<String, Kept> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
          return size() > KNOWN_MAX;
        }
      };

  /** That lane has served such a response to that agent. */
  synchronized void keep(String id, AgentId agent, Lane lane) {
    kept.putLast(id, new Kept(agent, lane.provider().name(), lane.model()));
  }

  /** Whether that lane keeps such a response for that agent. */
  synchronized boolean holds(String id, AgentId agent, Lane lane) {
    return new Kept(agent, lane.provider().name(), lane.model()).equals(kept.get(id));
  }
}
