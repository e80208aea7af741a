package dev.gatehouse.core.call;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.TokenScopes;
import java.time.Instant;
import java.util.Optional;

/**
 * Who makes a call, after the credential was checked. What outlives a request binds to the agent,
 * not to the whole principal: an agent's tokens change every few minutes.
 *
 * @param agent the agent that the credential belongs to
 * @param credentialId which of the agent's credentials was shown: the first 12 digits of its
 *     digest, never a secret
 * @param scopes what the shown token is good for; empty when nothing narrows the agent's manifest
 * @param until when the shown credential expires; empty when it does not by itself
 */
public record Principal(
    AgentId agent, String credentialId, Optional<TokenScopes> scopes, Optional<Instant> until) {

  /** A principal whose credential does not expire. */
  public Principal(AgentId agent, String credentialId, Optional<TokenScopes> scopes) {
    this(agent, credentialId, scopes, Optional.empty());
  }

  /** A principal that may do all that its agent may. */
  public Principal(AgentId agent, String credentialId) {
    this(agent, credentialId, Optional.empty());
  }
}
