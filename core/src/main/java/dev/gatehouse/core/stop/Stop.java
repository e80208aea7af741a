package dev.gatehouse.core.stop;

import java.time.Instant;

/**
 * An order that forbids calls until it is lifted.
 *
 * @param scope what it covers
 * @param reason why; not blank
 * @param by who gave it
 * @param since when it took effect
 */
public record Stop(StopScope scope, String reason, String by, Instant since) {

  public Stop {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("a stop needs a reason");
    }
  }
}
