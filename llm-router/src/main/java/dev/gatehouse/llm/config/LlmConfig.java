package dev.gatehouse.llm.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Everything that the LLM router is told. Consistent by construction: every target names a provider
 * that exists.
 *
 * @param routes tried by exact name first, then patterns in order; a last route {@code *} is the
 *     default
 * @param metering what calls cost and how much may be used up
 */
public record LlmConfig(
    List<ProviderConfig> providers,
    List<ModelRoute> routes,
    LlmLimits limits,
    BreakerLimits breaker,
    Metering metering) {

  public LlmConfig {
    providers = List.copyOf(providers);
    routes = List.copyOf(routes);
    Map<String, ProviderConfig> byName = new HashMap<>();
    for (ProviderConfig provider : providers) {
      if (byName.put(provider.name(), provider) != null) {
        throw new IllegalArgumentException("provider " + provider.name() + " is there twice");
      }
    }
    Set<String> models = new HashSet<>();
    routes.forEach(metering::checkPrices);
    for (ModelRoute route : routes) {
      if (!models.add(route.model().pattern())) {
        throw new IllegalArgumentException("model " + route.model() + " is routed twice");
      }
      for (RouteTarget target : route.targets()) {
        if (!byName.containsKey(target.provider())) {
          throw new IllegalArgumentException(
              "model "
                  + route.model()
                  + " names provider "
                  + target.provider()
                  + ", which is not"
                  + " configured");
        }
      }
      if (route.targets().stream()
          .map(target -> Objects.requireNonNull(byName.get(target.provider())))
          .noneMatch(provider -> route.limits().bar(provider.exposure()).isEmpty())) {
        throw new IllegalArgumentException(
            "model " + route.model() + " has no provider that its region and data class allow");
      }
    }
  }

  /** Without prices and limits of usage. */
  public LlmConfig(
      List<ProviderConfig> providers,
      List<ModelRoute> routes,
      LlmLimits limits,
      BreakerLimits breaker) {
    this(providers, routes, limits, breaker, Metering.NONE);
  }

  /** The same with that metering. */
  public LlmConfig withMetering(Metering other) {
    return new LlmConfig(providers, routes, limits, breaker, other);
  }

  /** The same with these routes. */
  public LlmConfig withRoutes(List<ModelRoute> others) {
    return new LlmConfig(providers, others, limits, breaker, metering);
  }

  /** With default limits. */
  public static LlmConfig of(List<ProviderConfig> providers, List<ModelRoute> routes) {
    return new LlmConfig(providers, routes, LlmLimits.DEFAULT, BreakerLimits.DEFAULT);
  }
}
