package dev.gatehouse.core.decision;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.Sequence;
import dev.gatehouse.core.registry.Sequence.NeverAfter;
import dev.gatehouse.core.registry.Sequence.RequireBefore;
import java.util.Optional;

/** Which sequence of its agent's manifest a call breaks. Pure. */
public final class OutOfOrder {

  private OutOfOrder() {}

  /** The first sequence that the call breaks; empty when it breaks none. */
  public static Optional<Reason> reason(GovernedCall call, Agent agent, SessionPast past) {
    for (Sequence sequence : agent.manifest().bounds().sequences()) {
      if (breaks(call.name(), sequence, past)) {
        return Optional.of(
            new Reason(
                "manifest.sequence",
                "by the manifest of "
                    + agent.id()
                    + ", "
                    + sequence
                    + " in a session; "
                    + call.name()
                    + " comes "
                    + switch (sequence) {
                      case NeverAfter _ -> "after it";
                      case RequireBefore _ -> "without it";
                    }));
      }
    }
    return Optional.empty();
  }

  private static boolean breaks(String name, Sequence sequence, SessionPast past) {
    return switch (sequence) {
      case NeverAfter(var after, var never) -> never.matches(name) && past.begun().contains(after);
      case RequireBefore(var before, var require) ->
          before.matches(name) && !past.completed().contains(require);
    };
  }
}
