package dev.gatehouse.core.fleet;

import java.time.Duration;

/** What the fleet says to whoever wants to probe a lane. */
public sealed interface ProbeAnswer {

  /** Probe, and say how it went. */
  record Granted(ProbeLease lease) implements ProbeAnswer {}

  /**
   * Another process probes.
   *
   * @param atMost asking again sooner is of no use, unless there is news
   */
  record Elsewhere(Duration atMost) implements ProbeAnswer {}

  /** The lane still rests. */
  record Rests(Duration remaining) implements ProbeAnswer {}

  /** The lane serves again; nothing is to be probed. */
  record Serves() implements ProbeAnswer {}

  /** The fleet cannot be asked: this process decides by itself. */
  record Alone() implements ProbeAnswer {}
}
