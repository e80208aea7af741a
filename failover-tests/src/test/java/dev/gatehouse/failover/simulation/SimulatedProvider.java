package dev.gatehouse.failover.simulation;

import java.util.SplittableRandom;

/** A provider that serves, or fails in the way of the present fault. */
final class SimulatedProvider {

  /**
   * What a request will meet.
   *
   * @param status HTTP status of an error; 0 where none comes
   * @param beginsMs when something comes, or the failure is seen
   * @param endsMs when the last of a good answer comes, or it breaks
   */
  record Plan(How how, int status, long beginsMs, long endsMs) {}

  /** The ways a request may go. */
  enum How {
    SERVED,
    ERROR,
    REFUSED,
    RESET,
    SILENT,
    CUT_BEFORE,
    CUT_AFTER
  }

  private static final long FIRST_EVENT_LIMIT_MS = 12_000;

  private static final int BAD_REQUEST = 400;

  private final SplittableRandom random;
  private int failing;
  private int style;

  SimulatedProvider(SplittableRandom random) {
    this.random = random;
  }

  void fail() {
    failing++;
    style = random.nextInt(12);
  }

  /** Fails from now on, with a status that says so. */
  void failForGood() {
    failing++;
    style = 1;
  }

  void mend() {
    failing--;
  }

  /**
   * What the next request meets.
   *
   * @param bad whether the request itself is at fault, which the provider notices first
   */
  Plan next(boolean bad) {
    long begins = random.nextLong(20, 400);
    if (bad && (failing == 0 || style < 4)) {
      return new Plan(How.ERROR, BAD_REQUEST, begins, begins);
    }
    if (failing == 0) {
      return new Plan(How.SERVED, 200, begins, begins + random.nextLong(10, 3_000));
    }
    return switch (style) {
      case 0 -> error(500, begins);
      case 1 -> error(503, begins);
      case 2 -> error(429, begins);
      case 3 -> error(401, begins);
      case 4 -> new Plan(How.REFUSED, 0, 1, 1);
      case 5 -> new Plan(How.RESET, 0, begins, begins);
      case 6, 7 -> new Plan(How.SILENT, 0, FIRST_EVENT_LIMIT_MS, FIRST_EVENT_LIMIT_MS);
      case 8 -> new Plan(How.CUT_BEFORE, 200, begins, begins);
      case 9 -> new Plan(How.CUT_AFTER, 200, begins, begins + random.nextLong(10, 3_000));
      case 10 -> error(402, begins);
      default -> error(404, begins);
    };
  }

  private static Plan error(int status, long at) {
    return new Plan(How.ERROR, status, at, at);
  }
}
