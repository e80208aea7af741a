package dev.gatehouse.registry.token;

import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import java.util.List;
import java.util.Optional;

/** What token checks ask of the registry. Thread-safe, never blocks, always the agents of now. */
public interface AgentDirectory {

  /** The agent of that id. */
  Optional<Agent> find(AgentId id);

  /** The agent that stands behind that subject. */
  Optional<AgentId> bySubject(Subject subject);

  /** The agent that a key belongs to, with the key's name in rows. */
  Optional<KeyHolder> byKey(String key);

  /** The public keys of that agent; none of one that is not there. */
  List<ClientKey> clientKeys(AgentId id);

  /** Whether the agent still has the key of that name, secret or public. */
  boolean holds(KeyHolder holder);

  /**
   * A key's agent and the key's name.
   *
   * @param credentialId the first 12 digits of the key's digest, or of a public key's thumbprint
   */
  record KeyHolder(AgentId agent, String credentialId) {}
}
