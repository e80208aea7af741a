package dev.gatehouse.registry.token;

import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Agents that a test registers and removes. */
final class Directory implements AgentDirectory {

  final Map<AgentId, AgentStatus> agents = new ConcurrentHashMap<>();
  final Map<Subject, AgentId> subjects = new ConcurrentHashMap<>();
  final Map<String, KeyHolder> keys = new ConcurrentHashMap<>();

  final Map<AgentId, List<ClientKey>> clientKeys = new ConcurrentHashMap<>();

  Directory agent(String id) {
    agents.put(new AgentId(id), AgentStatus.ACTIVE);
    return this;
  }

  Directory subject(String issuer, String subject, String agent) {
    subjects.put(new Subject(issuer, subject), new AgentId(agent));
    return agent(agent);
  }

  Directory key(String key, String agent) {
    keys.put(key, new KeyHolder(new AgentId(agent), "key-" + key));
    return agent(agent);
  }

  @Override
  public Optional<Agent> find(AgentId id) {
    return Optional.ofNullable(agents.get(id))
        .map(
            status ->
                new Agent(
                    id,
                    "Ann",
                    Map.of(),
                    status,
                    "",
                    new Manifest("", List.of(), Set.of(), List.of(), OptionalInt.empty())));
  }

  @Override
  public Optional<AgentId> bySubject(Subject subject) {
    return Optional.ofNullable(subjects.get(subject));
  }

  @Override
  public Optional<KeyHolder> byKey(String key) {
    return Optional.ofNullable(keys.get(key));
  }

  @Override
  public List<ClientKey> clientKeys(AgentId id) {
    return clientKeys.getOrDefault(id, List.of());
  }

  @Override
  public boolean holds(KeyHolder holder) {
    return keys.containsValue(holder)
        || clientKeys(holder.agent()).stream()
            .anyMatch(key -> key.credentialId().equals(holder.credentialId()));
  }
}
