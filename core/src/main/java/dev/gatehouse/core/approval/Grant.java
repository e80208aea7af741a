package dev.gatehouse.core.approval;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.registry.AgentId;
import java.time.Instant;
import java.util.Set;

/**
 * A temporary right, just in time: this agent may, until then, do these operations on this
 * connector and target without asking again.
 *
 * @param id names it in rows
 * @param target the exact target
 * @param expiresAt from this instant on it is void
 */
public record Grant(
    String id,
    AgentId agent,
    String connector,
    String target,
    Set<OperationType> operations,
    Instant expiresAt) {

  public Grant {
    operations = Set.copyOf(operations);
  }

  /** Whether its scope holds the call at that time. */
  public boolean covers(GovernedCall call, Instant at) {
    return at.isBefore(expiresAt)
        && agent.equals(call.principal().agent())
        && connector.equals(call.connector())
        && target.equals(call.target())
        && operations.contains(call.operationType());
  }
}
