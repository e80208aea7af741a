package dev.gatehouse.llm.failover;

import dev.gatehouse.core.fleet.FleetHealth;
import dev.gatehouse.core.fleet.HealthListener;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The health of all lanes. It outlives a config: a provider that a new config leaves as it was
 * keeps its lanes' health. What the fleet says of a lane that nobody here has used yet is kept for
 * when somebody does. Thread-safe.
 */
public final class Healths implements HealthListener {

  /**
   * So many models have a health of their own; those beyond share one per credential. Names come
   * from clients where a route passes them on, so their number needs a bound.
   */
  static final int LANES_MAX = 4_096;

  private static final String SHARED = "*";

  private final Time time;
  private final FleetHealth fleet;
  private final Map<LaneKey, LaneHealth> lanes = new ConcurrentHashMap<>();
  private final Map<CredentialKey, CredentialHealth> credentials = new ConcurrentHashMap<>();
  private final Map<String, Long> restUntilNanos = new ConcurrentHashMap<>();

  private record CredentialKey(String provider, URI baseUrl, String fingerprint) {
    static CredentialKey of(ProviderConfig provider) {
      return new CredentialKey(
          provider.name(),
          provider.baseUrl(),
          provider.apiKey().map(Secret::fingerprint).orElse(""));
    }

    /**
     * What the fleet calls it: the provider, for people, and a digest that tells it from others.
     */
    String fleetName() {
      return "credential/" + provider + "/" + digest(baseUrl + "\n" + fingerprint);
    }
  }

  private record LaneKey(CredentialKey credential, String model, BreakerLimits limits) {

    String fleetName() {
      return "lane/"
          + credential.provider()
          + "/"
          + digest(credential.baseUrl() + "\n" + credential.fingerprint() + "\n" + model);
    }
  }

  private static String digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 24);
  }

  /** For one process by itself, whose time runs with that clock. */
  public Healths(Clock clock) {
    this(clock, Time.tickerOf(clock), FleetHealth.alone());
  }

  /**
   * For a process of a fleet.
   *
   * @param clock what dates are told from; it may be wrong
   * @param ticker nanoseconds since some moment, such as {@link System#nanoTime}
   */
  public Healths(Clock clock, LongSupplier ticker, FleetHealth fleet) {
    this.time = new Time(clock, ticker);
    this.fleet = fleet;
    fleet.listen(this);
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
    LaneHealth made = lanes.computeIfAbsent(key, this::make);
    remembered(made.name()).ifPresent(made::heardRests); // news that came while it was made
    return made;
  }

  private LaneHealth make(LaneKey key) {
    return new LaneHealth(
        new LaneHealth.Lane(
            key.credential().provider(), key.model(), key.fleetName(), key.limits()),
        time,
        credentials.computeIfAbsent(key.credential(), this::credential),
        fleet);
  }

  private CredentialHealth credential(CredentialKey key) {
    String name = key.fleetName();
    CredentialHealth made = new CredentialHealth(name, time.nanos());
    remembered(name).ifPresent(remaining -> restCredential(made, remaining));
    return made;
  }

  private Optional<Duration> remembered(String name) {
    return Optional.ofNullable(restUntilNanos.get(name))
        .map(until -> Duration.ofNanos(Math.max(0, until - time.nanos())));
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

  // --- what the fleet says -----------------------------------------------------------------------

  @Override
  public void rests(String name, Duration remaining) {
    if (restUntilNanos.size() < LANES_MAX || restUntilNanos.containsKey(name)) {
      restUntilNanos.put(name, time.nanos() + remaining.toNanos());
    }
    lanes.forEach(
        (key, lane) -> {
          if (lane.name().equals(name)) {
            lane.heardRests(remaining);
          }
        });
    credentials.values().stream()
        .filter(credential -> credential.name().equals(name))
        .forEach(credential -> restCredential(credential, remaining));
  }

  private void restCredential(CredentialHealth credential, Duration remaining) {
    long now = time.nanos();
    credential.restUntil(now + remaining.toNanos(), now, Standing.Origin.FLEET);
  }

  @Override
  public void serves(String name) {
    restUntilNanos.remove(name);
    lanes.values().stream()
        .filter(lane -> lane.name().equals(name))
        .forEach(LaneHealth::heardServes);
  }

  @Override
  public List<RestingLane> resting() {
    return Stream.concat(
            lanes.values().stream().map(LaneHealth::resting),
            credentials.values().stream().map(credential -> credential.resting(time.nanos())))
        .flatMap(Optional::stream)
        .toList();
  }
}
