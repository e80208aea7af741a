package dev.gatehouse.core.gate;

import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Situation;
import java.util.Optional;

/**
 * What one call would use up of things that are limited. The {@link Gate} asks for it when nothing
 * else stands against the call, and before the call's intent is recorded.
 *
 * <p>Called on the call's event loop; must not block.
 */
public interface Allowance {

  /** Of a call that uses up nothing. */
  Allowance UNLIMITED =
      new Allowance() {
        @Override
        public Optional<Decision> take(Situation situation) {
          return Optional.empty();
        }

        @Override
        public void giveBack() {}
      };

  /**
   * Takes all that the call needs, or nothing. Called at most once.
   *
   * @return what stands against it, a throttle or a denial; empty when it was taken
   */
  Optional<Decision> take(Situation situation);

  /** The call is not carried out after all: gives back what was taken, if anything was. */
  void giveBack();
}
