package dev.gatehouse.llm.limit;

import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.RouteTarget;
import dev.gatehouse.llm.wire.TokenEstimate;
import java.util.function.Supplier;

/**
 * What a call asks for, as far as limits matter.
 *
 * @param agent the caller's id
 * @param model as the client named it
 * @param route where it goes
 * @param tokens how many it may take; only asked when a limit wants to know
 */
public record Asked(String agent, String model, ModelRoute route, Supplier<TokenEstimate> tokens) {

  /** The model's name at a target. */
  String nameAt(RouteTarget target) {
    return target.model().isEmpty() ? model : target.model();
  }
}
