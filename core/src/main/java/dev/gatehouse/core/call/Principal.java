package dev.gatehouse.core.call;

import dev.gatehouse.core.registry.AgentId;

/**
 * Who makes a call, after the credential was checked.
 *
 * @param agent the agent that the credential belongs to
 * @param credentialId which of the agent's credentials was shown: the first 12 digits of its
 *     digest, never a secret
 */
public record Principal(AgentId agent, String credentialId) {}
