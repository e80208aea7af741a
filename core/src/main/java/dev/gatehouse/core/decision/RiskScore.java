package dev.gatehouse.core.decision;

/**
 * The open risk score: four parts that anyone can add up.
 *
 * @param operation 0 to 40, by operation type
 * @param connector 0 to 25, by connector class
 * @param session 0 to 15, by the session's number of actions
 * @param target 0 to 20, by the target's tier
 */
public record RiskScore(int operation, int connector, int session, int target) {

  public static final int OPERATION_MAX = 40;
  public static final int CONNECTOR_MAX = 25;
  public static final int SESSION_MAX = 15;
  public static final int TARGET_MAX = 20;

  /** The score of a call by an agent that may not act at all: 100. */
  public static final RiskScore HIGHEST =
      new RiskScore(OPERATION_MAX, CONNECTOR_MAX, SESSION_MAX, TARGET_MAX);

  public RiskScore {
    check("operation", operation, OPERATION_MAX);
    check("connector", connector, CONNECTOR_MAX);
    check("session", session, SESSION_MAX);
    check("target", target, TARGET_MAX);
  }

  /** The sum, 0 to 100. */
  public int total() {
    return operation + connector + session + target;
  }

  private static void check(String part, int value, int max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(
          "risk part " + part + " lies in 0.." + max + ", this is " + value);
    }
  }
}
