package dev.gatehouse.core.fleet;

import java.time.Duration;
import java.util.List;

/** Who hears what the fleet knows. Called on one thread of the fleet's; must not block. */
public interface HealthListener {

  /**
   * The fleet lets that lane rest.
   *
   * @param remaining from now, by no clock but the one that measures lengths; zero when the rest is
   *     over and a probe is due
   */
  void rests(String lane, Duration remaining);

  /** That lane serves again. */
  void serves(String lane);

  /** The lanes that rest here, for a fleet that may have forgotten them. */
  List<RestingLane> resting();

  /**
   * A lane that rests.
   *
   * @param remaining for how long still, more than zero
   * @param age since when
   * @param judgedHere whether this process judged so itself, rather than heard it of the fleet
   */
  record RestingLane(String lane, Duration remaining, Duration age, boolean judgedHere) {}
}
