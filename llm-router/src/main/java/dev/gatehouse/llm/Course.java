package dev.gatehouse.llm;

import dev.gatehouse.llm.config.ExposureLimits;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.failover.Draws;
import dev.gatehouse.llm.failover.Journey;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.failover.Routes;
import dev.gatehouse.llm.wire.Api;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Where a call may go: its lanes in the order of trying, and what that order followed from.
 *
 * @param route the name of the route; empty when no route serves the model
 * @param bounds what no lane may overstep
 * @param draws the chance in the order and in what comes after
 */
record Course(
    Routes routes, Api api, String route, List<Lane> lanes, ExposureLimits bounds, Draws draws) {

  /** The course of a model on its route. */
  static Course of(
      Routes routes, Api api, Optional<ModelRoute> route, String model, RandomGenerator random) {
    Draws draws = new Draws(random);
    return new Course(
        routes,
        api,
        route.map(found -> found.model().pattern()).orElse(""),
        route.map(found -> routes.lanes(found, model, draws)).orElse(List.of()),
        route.map(ModelRoute::limits).orElse(ExposureLimits.NONE),
        draws);
  }

  /** What a row keeps, so that the call can be decided again. */
  Map<String, Object> evidence(Journey journey) {
    Map<String, Object> tree = HashMap.newHashMap(5);
    tree.put("config_digest", routes.digest());
    tree.put("route", route);
    tree.put("api", api.name().toLowerCase(Locale.ROOT));
    tree.put("heard", List.copyOf(journey.heard()));
    draws.seed().ifPresent(seed -> tree.put("seed", seed));
    return tree;
  }
}
