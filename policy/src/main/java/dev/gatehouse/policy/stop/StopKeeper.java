package dev.gatehouse.policy.stop;

import java.io.IOException;

/** Keeps stops over a restart: what was stopped does not go on because a process was started. */
public interface StopKeeper {

  /** What the process before this one had stopped and lifted. */
  StopLedger kept();

  /**
   * Keeps this in place of all before; durable when it returns. Blocks; one thread at a time.
   *
   * @throws IOException when that failed; what was before stays kept
   */
  void keep(StopLedger stops) throws IOException;

  /** Keeps nothing. */
  static StopKeeper forgetful() {
    return new StopKeeper() {
      @Override
      public StopLedger kept() {
        return StopLedger.EMPTY;
      }

      @Override
      public void keep(StopLedger stops) {}
    };
  }
}
