package dev.gatehouse.policy.record;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.policy.Governance;
import dev.gatehouse.policy.GovernanceLimits;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A governance that decides on calls of one agent, and its record, from which an auditor learns.
 */
final class RecordScene implements AutoCloseable {

  final MemoryAuditLog audit = new MemoryAuditLog();
  final ManualClock clock;
  final Governance governance;
  private final Agent agent;
  private final String dataClass;

  /**
   * @param dataClass what the connector of all calls, {@code tickets}, is configured to hold
   */
  RecordScene(GovernanceRules rules, Agent agent, String dataClass, Instant now) {
    this.clock = new ManualClock(now);
    this.agent = agent;
    this.dataClass = dataClass;
    this.governance =
        Governance.start(rules, GovernanceLimits.DEFAULT, Calls.registry(agent), audit, clock);
  }

  /** The intent row of a call that is made now. */
  Map<String, Object> row(String operation, OperationType type, TargetTier tier) {
    var _ =
        governance
            .gate()
            .admit(
                Calls.tool(agent.id(), "s", "tickets", operation, type, dataClass, tier, Map.of()));
    return intents().getLast();
  }

  List<Map<String, Object>> intents() {
    return audit.rows("intent");
  }

  /** An auditor who read all rows so far. */
  Recomputation learnt() {
    Recomputation recomputation = new Recomputation();
    audit.rows().forEach(recomputation::learn);
    return recomputation;
  }

  @Override
  public void close() {
    governance.close();
  }
}
