package dev.gatehouse.core.call;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The instant by which a call must be answered. It enters at the edge and only shrinks on the way
 * down.
 *
 * @param at the instant after which nothing more may be started
 */
public record Deadline(Instant at) {

  /** A deadline that lies {@code budget} after now. */
  public static Deadline after(Duration budget, InstantSource clock) {
    return new Deadline(clock.instant().plus(budget));
  }

  /** Time left; zero, never negative, once passed. */
  public Duration remaining(InstantSource clock) {
    Duration left = Duration.between(clock.instant(), at);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Whether no time is left. */
  public boolean passed(InstantSource clock) {
    return !clock.instant().isBefore(at);
  }

  /** The earlier of this deadline and one {@code budget} from now. */
  public Deadline atMost(Duration budget, InstantSource clock) {
    Deadline other = after(budget, clock);
    return other.at.isBefore(at) ? other : this;
  }
}
