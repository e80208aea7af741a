package dev.gatehouse.gateway.notify;

import java.time.Duration;

/** Waits between two tries. */
@FunctionalInterface
interface Patience {

  /** As long as it says. */
  Patience REAL = Thread::sleep;

  void pause(Duration length) throws InterruptedException;
}
