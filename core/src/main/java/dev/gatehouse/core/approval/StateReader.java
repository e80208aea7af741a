package dev.gatehouse.core.approval;

import dev.gatehouse.core.call.GovernedCall;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads the present state of what a call would change. Thread-safe; never blocks. */
public interface StateReader {

  /** Reads nothing. */
  StateReader NONE =
      new StateReader() {
        @Override
        public boolean reads(GovernedCall call) {
          return false;
        }

        @Override
        public CompletionStage<TargetState> read(GovernedCall call) {
          return CompletableFuture.completedStage(new TargetState.NotRead());
        }
      };

  /** Whether it knows how to read the target of that call. */
  boolean reads(GovernedCall call);

  /**
   * Reads it, on record. The stage never fails: what goes wrong is {@link TargetState.Unreadable}.
   * Completes on any thread.
   */
  CompletionStage<TargetState> read(GovernedCall call);
}
