package dev.gatehouse.policy.risk;

import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.policy.ranges.Ranges;

/**
 * A step of the session frequency table.
 *
 * @param fromActions the action of a session from which on it holds, at least 1
 * @param points 0 to 15
 */
public record SessionStep(int fromActions, int points) {

  public SessionStep {
    if (fromActions < 1) {
      throw new IllegalArgumentException(
          "a session step begins at action 1 or later, this at " + fromActions);
    }
    Ranges.check("a session step's points", points, 0, RiskScore.SESSION_MAX);
  }
}
