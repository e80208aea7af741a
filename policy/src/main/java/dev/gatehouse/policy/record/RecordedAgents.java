package dev.gatehouse.policy.record;

import dev.gatehouse.core.json.Digest;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was registered of agents, by their versions. Single thread. */
final class RecordedAgents {

  private static final Logger LOG = LoggerFactory.getLogger(RecordedAgents.class);

  private final Map<String, RecordedManifest> manifests = new HashMap<>();

  /** Takes what the row keeps, when it has the digest that the row states. */
  void learn(Map<String, Object> row) {
    if (!AgentRows.AGENT.equals(row.get("event"))
        || !(row.get(AgentRows.REGISTERED) instanceof Map<?, ?> registered)
        || !(row.get("agent_version") instanceof String version)
        || !(row.get("agent") instanceof String agent)
        || !(row.get("owner") instanceof String owner)) {
      return;
    }
    Map<String, Object> tree = new HashMap<>();
    registered.forEach((name, value) -> tree.put(String.valueOf(name), value));
    tree.put("agent", agent);
    tree.put("owner", owner);
    if (Digest.ofJson(tree).hex().equals(version)) {
      try {
        manifests.put(version, new RecordedManifest(tree));
      } catch (DateTimeException e) {
        LOG.warn("the manifest of agent {} is not judged by here: {}", agent, e.getMessage());
      }
    }
  }

  Optional<RecordedManifest> find(@Nullable Object version) {
    return Optional.ofNullable(manifests.get(String.valueOf(version)));
  }
}
