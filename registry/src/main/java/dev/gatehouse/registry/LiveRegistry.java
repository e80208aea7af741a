package dev.gatehouse.registry;

import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Authentication;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Authenticator;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.registry.token.AgentDirectory;
import dev.gatehouse.registry.token.ClientKey;
import dev.gatehouse.registry.token.Subject;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The registry of a running gateway: the agents of the config and their keys, replaced as a whole.
 * Thread-safe; reads are of one immutable snapshot.
 */
public final class LiveRegistry implements Registry, Authenticator, AgentDirectory {

  /** Most agents of one gateway. */
  public static final int AGENTS_MAX = 100_000;

  private static final Unauthenticated MISSING =
      new Unauthenticated(
          "no credential; send 'Authorization: Bearer gh_...' or 'x-api-key: gh_...'");
  private static final Unauthenticated MALFORMED =
      new Unauthenticated(
          "the credential has not the form of a key; send 'Authorization: Bearer gh_...' or"
              + " 'x-api-key: gh_...'");
  private static final Unauthenticated UNKNOWN =
      new Unauthenticated("the key is not known; ask the gateway's operator for one");

  private final AtomicReference<Snapshot> snapshot;

  private LiveRegistry(Snapshot snapshot) {
    this.snapshot = new AtomicReference<>(snapshot);
  }

  /**
   * Makes a registry of these agents.
   *
   * @throws IllegalArgumentException when two share an id or a credential, or there are too many
   */
  public static LiveRegistry of(List<AgentEntry> entries) {
    return new LiveRegistry(Snapshot.of(entries));
  }

  /**
   * Puts these agents in place of all others, at once.
   *
   * @throws IllegalArgumentException like {@link #of}; the old ones then stay
   */
  public void replace(List<AgentEntry> entries) {
    snapshot.set(Snapshot.of(entries));
  }

  @Override
  public Optional<Agent> find(AgentId id) {
    return Optional.ofNullable(snapshot.get().byId().get(id));
  }

  @Override
  public List<Agent> agents() {
    return snapshot.get().sorted();
  }

  @Override
  public Authentication authenticate(@Nullable String authorization, @Nullable String apiKey) {
    if (authorization == null && apiKey == null) {
      return MISSING;
    }
    Optional<String> key =
        authorization == null
            ? Credential.ofKey(apiKey)
            : Credential.ofAuthorization(authorization);
    return key.isEmpty() ? MALFORMED : known(key.get());
  }

  @Override
  public Optional<AgentId> bySubject(Subject subject) {
    return Optional.ofNullable(snapshot.get().bySubject().get(subject));
  }

  @Override
  public Optional<KeyHolder> byKey(String key) {
    return AgentKeys.wellFormed(key)
        ? Optional.ofNullable(snapshot.get().byCredential().get(AgentKeys.digest(key)))
            .map(principal -> new KeyHolder(principal.agent(), principal.credentialId()))
        : Optional.empty();
  }

  @Override
  public List<ClientKey> clientKeys(AgentId id) {
    return snapshot.get().clientKeys().getOrDefault(id, List.of());
  }

  @Override
  public boolean holds(KeyHolder holder) {
    return snapshot.get().keys().contains(holder);
  }

  private Authentication known(String key) {
    // The map compares digests through Digest.equals, which takes constant time.
    Principal principal = snapshot.get().byCredential().get(AgentKeys.digest(key));
    return principal == null ? UNKNOWN : new Authenticated(principal);
  }

  private record Snapshot(
      Map<AgentId, Agent> byId,
      List<Agent> sorted,
      Map<Digest, Principal> byCredential,
      Map<Subject, AgentId> bySubject,
      Map<AgentId, List<ClientKey>> clientKeys,
      Set<KeyHolder> keys) {

    static Snapshot of(List<AgentEntry> entries) {
      if (entries.size() > AGENTS_MAX) {
        throw new IllegalArgumentException(
            "a gateway serves at most " + AGENTS_MAX + " agents, these are " + entries.size());
      }
      Map<AgentId, Agent> byId = HashMap.newHashMap(entries.size());
      Map<Digest, Principal> byCredential = HashMap.newHashMap(entries.size());
      Map<Subject, AgentId> bySubject = new HashMap<>();
      Map<AgentId, List<ClientKey>> clientKeys = new HashMap<>();
      Map<ClientKey, AgentId> byClientKey = new HashMap<>();
      for (AgentEntry entry : entries) {
        if (byId.put(entry.id(), entry.agent()) != null) {
          throw new IllegalArgumentException("two agents have the id " + entry.id());
        }
        for (Digest credential : entry.credentials()) {
          claim(byCredential, credential, entry.id());
        }
        for (ClientKey key : entry.clientKeys()) {
          claim(byClientKey, key, entry.id());
        }
        if (!entry.clientKeys().isEmpty()) {
          clientKeys.put(entry.id(), entry.clientKeys());
        }
        for (Subject subject : entry.subjects()) {
          claim(bySubject, subject, entry.id());
        }
      }
      List<Agent> sorted =
          byId.values().stream().sorted(Comparator.comparing(agent -> agent.id().value())).toList();
      Set<KeyHolder> keys = new HashSet<>();
      byCredential
          .values()
          .forEach(
              principal -> keys.add(new KeyHolder(principal.agent(), principal.credentialId())));
      byClientKey.forEach((key, agent) -> keys.add(new KeyHolder(agent, key.credentialId())));
      return new Snapshot(
          Map.copyOf(byId),
          sorted,
          Map.copyOf(byCredential),
          Map.copyOf(bySubject),
          Map.copyOf(clientKeys),
          Set.copyOf(keys));
    }

    private static void claim(Map<ClientKey, AgentId> byClientKey, ClientKey key, AgentId id) {
      AgentId other = byClientKey.put(key, id);
      if (other != null) {
        throw new IllegalArgumentException(
            "public key " + key.credentialId() + " stands twice, at " + other + " and " + id);
      }
    }

    private static void claim(Map<Subject, AgentId> bySubject, Subject subject, AgentId id) {
      AgentId other = bySubject.put(subject, id);
      if (other != null) {
        throw new IllegalArgumentException(
            "agents "
                + other
                + " and "
                + id
                + " share subject '"
                + subject.subject()
                + "' of issuer "
                + subject.issuer());
      }
    }

    private static void claim(Map<Digest, Principal> byCredential, Digest credential, AgentId id) {
      String credentialId = credential.hex().substring(0, 12);
      Principal other = byCredential.put(credential, new Principal(id, credentialId));
      if (other != null) {
        throw new IllegalArgumentException(
            "agents " + other.agent() + " and " + id + " share a credential; give each its own");
      }
    }
  }
}
