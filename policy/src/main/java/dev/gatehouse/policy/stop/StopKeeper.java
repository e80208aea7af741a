package dev.gatehouse.policy.stop;

import dev.gatehouse.core.stop.Stop;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Keeps stops over a restart: what was stopped does not go on because a process was started. */
public interface StopKeeper {

  /** What the process before this one had stopped, oldest first. */
  List<Stop> kept();

  /**
   * Keeps these stops in place of all before; durable when it returns. Blocks; one thread at a
   * time.
   *
   * @throws IOException when that failed; those before stay kept
   */
  void keep(Collection<Stop> stops) throws IOException;

  /** Keeps nothing. */
  static StopKeeper forgetful() {
    return new StopKeeper() {
      @Override
      public List<Stop> kept() {
        return List.of();
      }

      @Override
      public void keep(Collection<Stop> stops) {}
    };
  }
}
