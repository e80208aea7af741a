package dev.gatehouse.llm.config;

import dev.gatehouse.core.registry.Glob;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What providers ask for their models.
 *
 * @param byProvider by the provider's name: its models, of which an exact name wins over patterns
 *     and an earlier pattern over a later one
 */
public record PriceTable(Map<String, List<ModelPrice>> byProvider) {

  /** Nothing has a known price. */
  public static final PriceTable NONE = new PriceTable(Map.of());

  /** The price of the models of that name or pattern. */
  public record ModelPrice(Glob model, Price price) {}

  public PriceTable {
    Map<String, List<ModelPrice>> copy = new HashMap<>();
    byProvider.forEach((provider, prices) -> copy.put(provider, List.copyOf(prices)));
    byProvider = Map.copyOf(copy);
  }

  /** What that provider asks for that model; empty when nobody said. */
  public Optional<Price> find(String provider, String model) {
    Optional<Price> pattern = Optional.empty();
    for (ModelPrice known : byProvider.getOrDefault(provider, List.of())) {
      if (known.model().pattern().equals(model)) {
        return Optional.of(known.price());
      }
      if (pattern.isEmpty() && known.model().matches(model)) {
        pattern = Optional.of(known.price());
      }
    }
    return pattern;
  }
}
