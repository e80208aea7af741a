package dev.gatehouse.llm.config;

import dev.gatehouse.core.limit.Limits;
import dev.gatehouse.core.limit.UsageLimit;
import dev.gatehouse.core.registry.Glob;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What calls cost, and how much may be used up.
 *
 * @param prices what providers ask for their models
 * @param limits all that cover a call must have room for it
 * @param countersMax counts that are kept at once; a call that needs one more is refused
 * @param outputTokensEstimate so many tokens of answer are set aside for a call that does not say
 *     how many it wants at most
 */
public record Metering(
    PriceTable prices, List<UsageLimit> limits, int countersMax, int outputTokensEstimate) {

  /** Counts that are kept when nothing is said. */
  public static final int COUNTERS = Limits.COUNTERS;

  /** Tokens that are set aside when nothing is said. */
  public static final int OUTPUT_TOKENS = 1_024;

  /** No prices and no limits. */
  public static final Metering NONE = of(PriceTable.NONE, List.of());

  /** With default bounds. */
  public static Metering of(PriceTable prices, List<UsageLimit> limits) {
    return new Metering(prices, limits, COUNTERS, OUTPUT_TOKENS);
  }

  public Metering {
    limits = List.copyOf(limits);
    if (countersMax < 1 || countersMax > 10_000_000) {
      throw new IllegalArgumentException(
          "limit_counters_max lies in 1..10000000, this is " + countersMax);
    }
    if (outputTokensEstimate < 1 || outputTokensEstimate > 10_000_000) {
      throw new IllegalArgumentException(
          "limit_output_tokens lies in 1..10000000, this is " + outputTokensEstimate);
    }
    Set<String> names = new HashSet<>();
    for (UsageLimit limit : limits) {
      if (!names.add(limit.name())) {
        throw new IllegalArgumentException("limit " + limit.name() + " is there twice");
      }
    }
  }

  /** Refuses a route whose calls a limit would count in dollars that nobody knows. */
  void checkPrices(ModelRoute route) {
    for (UsageLimit limit : limits) {
      if (limit.countsMoney() && covers(limit, route)) {
        route.targets().forEach(target -> checkPrice(limit, route, target));
      }
    }
  }

  private static boolean covers(UsageLimit limit, ModelRoute route) {
    String model = route.model().pattern();
    return limit.models().stream().map(Glob::pattern).anyMatch(p -> p.equals(model))
        || limit.models().stream().anyMatch(pattern -> pattern.matches(model));
  }

  private void checkPrice(UsageLimit limit, ModelRoute route, RouteTarget target) {
    String model = target.model().isEmpty() ? route.model().pattern() : target.model();
    boolean priced =
        prices
            .find(target.provider(), model)
            .filter(price -> price.input().isPresent())
            .filter(price -> price.output().isPresent() || route.use() == ModelUse.EMBEDDINGS)
            .isPresent();
    if (!priced) {
      throw new IllegalArgumentException(
          "limit "
              + limit.name()
              + " counts US dollars, but nobody says what input and output of model "
              + model
              + " cost at provider "
              + target.provider()
              + "; write providers."
              + target.provider()
              + ".prices");
    }
  }
}
