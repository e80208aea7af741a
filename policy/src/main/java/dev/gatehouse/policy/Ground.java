package dev.gatehouse.policy;

import dev.gatehouse.core.approval.GrantScope;
import dev.gatehouse.core.approval.GrantTerms;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.policy.grant.GrantGround;
import dev.gatehouse.policy.stop.LiveKillSwitch;
import java.util.Optional;

/** What grants stand on here: the agents, the rules in force, and what is stopped. */
record Ground(Registry registry, LiveKillSwitch killSwitch, LiveSituations situations)
    implements GrantGround {

  @Override
  public Optional<GrantTerms> terms(AgentId agent) {
    return registry
        .find(agent)
        .filter(found -> found.status() != AgentStatus.DECOMMISSIONED)
        .map(situations.inForce()::terms);
  }

  @Override
  public boolean decommissioned(AgentId agent) {
    return registry
        .find(agent)
        .filter(found -> found.status() == AgentStatus.DECOMMISSIONED)
        .isPresent();
  }

  @Override
  public boolean stopped(GrantScope scope) {
    Optional<Agent> agent = registry.find(scope.agent());
    return agent.filter(found -> found.status() == AgentStatus.SUSPENDED).isPresent()
        || killSwitch.stops(scope.agent(), scope.connector(), agent);
  }
}
