package dev.gatehouse.policy.record;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.registry.Agent;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts on record what is registered of an agent, in front of the first call that is judged by it;
 * the rows of its calls name it by its version, which is its digest. Thread-safe; never blocks.
 */
public final class AgentRows {

  /** The event of a row that keeps what is registered of an agent. */
  static final String AGENT = "governance.agent";

  /** The member that has it, but for the agent's name and its owner, which stand for themselves. */
  static final String REGISTERED = "registered";

  /** So many versions are remembered as kept; beyond, they are kept anew. */
  private static final int REMEMBERED_MAX = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(AgentRows.class);

  private final AuditLog audit;
  private final Set<String> kept = ConcurrentHashMap.newKeySet();

  public AgentRows(AuditLog audit) {
    this.audit = audit;
  }

  /**
   * Appends a row for an agent in a version that has none yet. When the log takes no rows, which
   * refuses the call anyway, it is tried again with the next one.
   */
  public void keep(Agent agent) {
    if (kept.contains(agent.version().hex())) {
      return;
    }
    if (kept.size() >= REMEMBERED_MAX) {
      kept.clear();
    }
    try {
      append(agent);
      kept.add(agent.version().hex());
    } catch (AuditUnavailableException e) {
      LOG.debug("agent {} is not on record yet", agent.id(), e);
    }
  }

  private void append(Agent agent) {
    Map<String, Object> registered = new HashMap<>(agent.tree());
    Map<String, Object> row = HashMap.newHashMap(8);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", AGENT);
    row.put("agent", registered.remove("agent"));
    row.put("owner", registered.remove("owner"));
    row.put("agent_version", agent.version().hex());
    row.put(REGISTERED, registered);
    try {
      var _ = audit.append(new AuditRow(row));
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "what is registered of agent {} is too long for a row (audit.row_bytes_max), so what its"
              + " manifest demands cannot be judged again from the record alone: {}",
          agent.id(),
          e.getMessage());
    }
  }
}
