package dev.gatehouse.core.fleet;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * What the processes of a fleet tell one another about the lanes that they call: who failed, who
 * rests, and whose turn it is to probe.
 *
 * <p>A lane's name here stands for a provider, a model and a credential, and holds no secret. All
 * methods are thread-safe, return at once and may be called on an event loop; none throws because
 * the fleet cannot be reached.
 */
public interface FleetHealth {

  /** Names who hears the news; once, before anything else is called. */
  void listen(HealthListener listener);

  /** Adds a failure to the lane's sum. What comes of it is heard as news, here and elsewhere. */
  void failed(String lane, FailureRule rule);

  /** Lets a lane rest everywhere, or a credential, whose name stands for all its lanes. */
  void rest(String lane, Duration time);

  /**
   * Asks to be the one that probes a lane whose rest is over.
   *
   * @return completes on any thread, within the fleet's command time-out, never with a failure
   */
  CompletionStage<ProbeAnswer> askToProbe(String lane);

  /** How the fleet can be reached; a snapshot, cheap enough for every call. */
  FleetStatus status();

  /** The fleet of one process: nobody to tell and nobody to ask. */
  static FleetHealth alone() {
    return LoneProcess.INSTANCE;
  }
}
