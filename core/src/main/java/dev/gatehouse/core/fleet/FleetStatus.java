package dev.gatehouse.core.fleet;

import java.time.Duration;

/**
 * How a process stands to its fleet.
 *
 * @param detail why it is degraded; else empty
 * @param newsAge how old the fleet's last word is; zero when there is no fleet
 * @param degradations how often it was lost since the start
 * @param recoveries how often it was found again
 * @param unsent reports that were not sent while it was lost, or because too many waited
 * @param forged notes that were ignored, since nobody with this fleet's secret sealed them
 */
public record FleetStatus(
    Mode mode,
    String detail,
    Duration newsAge,
    long degradations,
    long recoveries,
    long unsent,
    long forged) {

  /** A process without a fleet. */
  public static final FleetStatus ALONE =
      new FleetStatus(Mode.ALONE, "", Duration.ZERO, 0, 0, 0, 0);

  /** Where a process's knowledge comes from. */
  public enum Mode {
    /** There is no fleet. */
    ALONE,
    /** The fleet answers. */
    CONNECTED,
    /** The fleet does not answer: what this process sees itself is all it goes by. */
    DEGRADED
  }
}
