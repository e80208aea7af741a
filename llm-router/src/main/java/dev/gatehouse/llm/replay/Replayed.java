package dev.gatehouse.llm.replay;

import java.util.List;
import java.util.Optional;

/**
 * A call decided again.
 *
 * @param configDigest names the routing config that decided
 * @param route the route that serves the model; empty when none does
 * @param visits the lanes in the order of trying
 * @param end how it ends, for people
 * @param difference the first thing that is not as the row says; empty when all is
 */
public record Replayed(
    String configDigest,
    String route,
    List<Visit> visits,
    String end,
    Optional<String> difference) {

  public Replayed {
    visits = List.copyOf(visits);
  }

  /**
   * One lane.
   *
   * @param state how its health was known when the call set out; empty when that is not on record
   * @param origin who knew that
   * @param happened what came of it, for people; empty when the call ended before
   */
  public record Visit(
      String provider, String model, String state, String origin, List<String> happened) {

    public Visit {
      happened = List.copyOf(happened);
    }
  }
}
