package dev.gatehouse.policy.ranges;

import java.time.Duration;

/** Range checks whose messages name the thing, the range and the value. */
public final class Ranges {

  private Ranges() {}

  /** Checks a number. */
  public static void check(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          what + " lies in " + min + ".." + max + ", this is " + value);
    }
  }

  /** Checks a duration. */
  public static void check(String what, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          what + " lies in " + min + ".." + max + ", this is " + value);
    }
  }
}
