package dev.gatehouse.llm.failover;

import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.Secret;
import java.net.URI;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The health of all lanes. It outlives a config: a provider that a new config leaves as it was
 * keeps its lanes' health. Thread-safe.
 */
public final class Healths {

  /**
   * So many models have a health of their own; those beyond share one per credential. Names come
   * from clients where a route passes them on, so their number needs a bound.
   */
  static final int LANES_MAX = 4_096;

  private static final String SHARED = "*";

  private final Clock clock;
  private final Map<LaneKey, LaneHealth> lanes = new ConcurrentHashMap<>();
  private final Map<CredentialKey, CredentialHealth> credentials = new ConcurrentHashMap<>();

  private record CredentialKey(String provider, URI baseUrl, String fingerprint) {
    static CredentialKey of(ProviderConfig provider) {
      return new CredentialKey(
          provider.name(),
          provider.baseUrl(),
          provider.apiKey().map(Secret::fingerprint).orElse(""));
    }
  }

  private record LaneKey(CredentialKey credential, String model, BreakerLimits limits) {}

  public Healths(Clock clock) {
    this.clock = clock;
  }

  /** The health of that lane. */
  LaneHealth of(ProviderConfig provider, String model, BreakerLimits limits) {
    CredentialKey credential = CredentialKey.of(provider);
    LaneKey own = new LaneKey(credential, model, limits);
    LaneHealth known = lanes.get(own);
    if (known != null) {
      return known;
    }
    LaneKey key = lanes.size() < LANES_MAX ? own : new LaneKey(credential, SHARED, limits);
    return lanes.computeIfAbsent(
        key,
        _ ->
            new LaneHealth(
                provider.name(),
                key.model(),
                limits,
                clock,
                credentials.computeIfAbsent(credential, _ -> new CredentialHealth())));
  }

  /** Forgets what belongs to no provider of this config. */
  void retain(LlmConfig config) {
    Set<CredentialKey> alive =
        config.providers().stream().map(CredentialKey::of).collect(Collectors.toSet());
    credentials.keySet().retainAll(alive);
    lanes
        .keySet()
        .removeIf(
            key -> !alive.contains(key.credential()) || !key.limits().equals(config.breaker()));
  }

  /** How all lanes stand, by provider and model. */
  public List<LaneStatus> statuses() {
    return lanes.values().stream()
        .map(LaneHealth::status)
        .sorted(Comparator.comparing(LaneStatus::provider).thenComparing(LaneStatus::model))
        .toList();
  }
}
