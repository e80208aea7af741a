package dev.gatehouse.core.registry;

/** Where an agent stands in its life. Only an active agent's calls are considered at all. */
public enum AgentStatus {
  ACTIVE,
  SUSPENDED,
  DECOMMISSIONED
}
