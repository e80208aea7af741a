package dev.gatehouse.llm.failover;

import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.RouteTarget;
import dev.gatehouse.llm.config.RoutingRecord;
import dev.gatehouse.llm.wire.Api;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A config made ready: from a model's name to the lanes in the order of trying. Immutable. */
public final class Routes {

  private final LlmConfig config;
  private final Healths healths;
  private final RoutingRecord record;
  private final Map<String, ProviderConfig> providers = new HashMap<>();
  private final Map<String, Route> exact = new HashMap<>();
  private final List<ModelRoute> patterns = new ArrayList<>();

  /**
   * A model's route.
   *
   * @param lanes in the order of trying
   */
  public record Route(ModelRoute config, List<Lane> lanes) {}

  /** Resolves a config; lanes that healths knows keep their health. */
  public Routes(LlmConfig config, Healths healths) {
    this.config = config;
    this.healths = healths;
    this.record = RoutingRecord.of(config);
    healths.retain(config);
    config.providers().forEach(provider -> providers.put(provider.name(), provider));
    for (ModelRoute route : config.routes()) {
      if (route.isPattern()) {
        patterns.add(route);
      } else {
        String model = route.model().pattern();
        exact.put(model, new Route(route, lanes(route, model)));
      }
    }
  }

  /** The config that this was made of. */
  public LlmConfig config() {
    return config;
  }

  /** What of the config decides, for the rows. */
  public RoutingRecord record() {
    return record;
  }

  /** The name of that, 64 hexadecimal digits. */
  public String digest() {
    return record.digest().hex();
  }

  /** The route of a model that this endpoint may ask for; empty when there is none. */
  public Optional<ModelRoute> find(String model, Api api) {
    Route known = exact.get(model);
    if (known != null && known.config.use().serves(api)) {
      return Optional.of(known.config);
    }
    for (ModelRoute route : patterns) {
      if (route.use().serves(api) && route.model().matches(model)) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }

  /**
   * The lanes of a model on its route, in the order of trying: the list's, after an order that is
   * drawn by weight among the targets that have one.
   */
  public List<Lane> lanes(ModelRoute route, String model, RandomGenerator random) {
    List<Lane> lanes = lanes(route, model);
    return route.isWeighted() ? drawn(lanes, random) : lanes;
  }

  private static List<Lane> drawn(List<Lane> lanes, RandomGenerator random) {
    List<Lane> left = new ArrayList<>(lanes);
    List<Lane> order = new ArrayList<>(lanes.size());
    for (long sum = weight(left); sum > 0; sum = weight(left)) {
      long drawn = random.nextLong(sum);
      int at = 0;
      while (drawn >= left.get(at).target().weight()) {
        drawn -= left.get(at).target().weight();
        at++;
      }
      order.add(left.remove(at));
    }
    order.addAll(left);
    return order;
  }

  private static long weight(List<Lane> lanes) {
    return lanes.stream().mapToLong(lane -> lane.target().weight()).sum();
  }

  /** The lanes of a model on its route, in the list's order. */
  public List<Lane> lanes(ModelRoute route, String model) {
    Route known = exact.get(model);
    if (known != null && known.config.equals(route)) {
      return known.lanes;
    }
    List<Lane> lanes = new ArrayList<>(route.targets().size());
    for (RouteTarget target : route.targets()) {
      ProviderConfig provider = Objects.requireNonNull(providers.get(target.provider()));
      String name = target.model().isEmpty() ? model : target.model();
      lanes.add(new Lane(provider, target, name, healths.of(provider, name, config.breaker())));
    }
    return lanes;
  }

  /** Model names that clients may ask for by name, in the config's order. */
  public List<String> modelNames() {
    return config.routes().stream()
        .filter(route -> !route.isPattern())
        .map(route -> route.model().pattern())
        .toList();
  }
}
