package dev.gatehouse.core.limit;

import java.time.Instant;
import java.util.Optional;

/**
 * How a limit stands, for operators.
 *
 * @param whose whose count it is, such as {@code agent a, model m}; empty for everybody's, or when
 *     nobody has used any of it
 * @param used in the measure's unit
 * @param resetsAt when all of it is there again, if nothing more is used up; empty when it is
 */
public record LimitStatus(
    String limit, Measure measure, String whose, long used, long most, Optional<Instant> resetsAt) {

  /** What is left. */
  public long remaining() {
    return Math.max(0, most - used);
  }
}
