package dev.gatehouse.llm.config;

/**
 * One place where a model may be served.
 *
 * @param provider the provider's name
 * @param model the name that the provider knows; empty to send on the name that the client used
 * @param contextTokensMax the context that this target declares; 0 when it declares none. A request
 *     that was too long elsewhere is only tried here when this is larger
 * @param requestBytesMax the body size that this target declares, with the same rule; 0 for none
 * @param weight its share of the calls among the route's targets that have a weight, which are
 *     tried before the others in an order drawn for each call; 0 for a place by the list's order
 */
public record RouteTarget(
    String provider, String model, long contextTokensMax, long requestBytesMax, int weight) {

  private static final int WEIGHT_MAX = 1_000_000;

  public RouteTarget {
    if (model.length() > ModelRoute.NAME_MAX) {
      throw new IllegalArgumentException(
          "a model name has at most " + ModelRoute.NAME_MAX + " characters");
    }
    if (contextTokensMax < 0 || requestBytesMax < 0) {
      throw new IllegalArgumentException("the limits of a target are not negative");
    }
    if (weight < 0 || weight > WEIGHT_MAX) {
      throw new IllegalArgumentException(
          "the weight of a target lies in 0.." + WEIGHT_MAX + ", this is " + weight);
    }
  }

  /** A target with a place by the list's order. */
  public RouteTarget(String provider, String model, long contextTokensMax, long requestBytesMax) {
    this(provider, model, contextTokensMax, requestBytesMax, 0);
  }

  /** A target that declares no limits. */
  public static RouteTarget of(String provider, String model) {
    return new RouteTarget(provider, model, 0, 0);
  }
}
