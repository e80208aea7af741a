package dev.gatehouse.core.stop;

import dev.gatehouse.core.fleet.NoteCarrier.Confirmation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Exercises of the kill switch: something is stopped, every process that is known confirms it, and
 * it is lifted again. Thread-safe, returns at once.
 */
public interface StopDrills {

  /** What came of an exercise. */
  sealed interface Result {

    /**
     * It took place and is on record.
     *
     * @param scope what was stopped
     * @param nodes every process that was known, this one first, and whether it confirmed
     * @param lifted whether what was stopped passes again
     */
    record Done(StopScope scope, List<Confirmation> nodes, boolean lifted) implements Result {

      public Done {
        nodes = List.copyOf(nodes);
      }

      /** Whether all confirmed. */
      public boolean complete() {
        return nodes.stream().allMatch(node -> node.took().isPresent());
      }
    }

    /** Nothing was stopped. */
    record Refused(String why) implements Result {}
  }

  /**
   * Drills.
   *
   * @param real what is really stopped for as long as it takes; empty for a scope that no call is
   *     in
   * @param patience how long the other processes are waited for
   * @return fails when it cannot be recorded; what was stopped may then still be
   * @throws IllegalArgumentException for a blank or overlong reason
   */
  CompletionStage<Result> drill(
      Optional<StopScope> real, String reason, String by, Duration patience);
}
