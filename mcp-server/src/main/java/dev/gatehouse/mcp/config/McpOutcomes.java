package dev.gatehouse.mcp.config;

import java.time.Duration;

/**
 * How outcomes of approved calls are kept whose client was gone when they came. The config key of
 * each is its name.
 *
 * @param outcomesPerAgentMax outcomes kept for one agent, at least 1; a further one replaces the
 *     oldest
 * @param outcomeBytesPerAgentMax bytes of those, at least 1; of one that is too much only a text is
 *     kept
 * @param outcomeHold how long one is kept, longer than zero
 */
public record McpOutcomes(
    int outcomesPerAgentMax, int outcomeBytesPerAgentMax, Duration outcomeHold) {

  /** A client that retries does so within minutes. */
  public static final McpOutcomes DEFAULT = new McpOutcomes(16, 1 << 20, Duration.ofMinutes(10));

  public McpOutcomes {
    check("outcomesPerAgentMax", outcomesPerAgentMax);
    check("outcomeBytesPerAgentMax", outcomeBytesPerAgentMax);
    if (!outcomeHold.isPositive()) {
      throw new IllegalArgumentException("outcomeHold is longer than zero, this is " + outcomeHold);
    }
  }

  private static void check(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, this is " + value);
    }
  }
}
