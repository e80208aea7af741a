package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.GrantScope;
import dev.gatehouse.core.approval.GrantTerms;
import dev.gatehouse.core.registry.AgentId;
import java.util.Optional;

/** What grants stand on. Thread-safe; never blocks. */
public interface GrantGround {

  /** What a grant would be given under now; empty for an agent that is none any more. */
  Optional<GrantTerms> terms(AgentId agent);

  /** Whether the registry says that the agent is decommissioned, and does not just lack it. */
  boolean decommissioned(AgentId agent);

  /** Whether the agent is suspended, or it or the connector stopped. */
  boolean stopped(GrantScope scope);
}
