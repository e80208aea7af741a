package dev.gatehouse.mcp.config;

import java.time.Duration;

/**
 * How long the endpoint waits. Every time is longer than zero; the config key of each is its name.
 *
 * @param bodyTimeout until a request's body must be complete
 * @param sessionIdle after which an unused session of the old era ends
 * @param keepAlive between two comments on a silent event stream
 * @param listTtl how long a client may keep a list
 * @param callBudget for a whole tool call, waiting for a person included
 * @param subscribeBudget for subscribing to one resource
 * @param approvalHold how long a call waits for a person before it is answered as pending
 * @param approvalHoldWithProgress the same for a client that wants progress
 * @param approvalProgress between two progress notifications while waiting for a person
 */
public record McpTimes(
    Duration bodyTimeout,
    Duration sessionIdle,
    Duration keepAlive,
    Duration listTtl,
    Duration callBudget,
    Duration subscribeBudget,
    Duration approvalHold,
    Duration approvalHoldWithProgress,
    Duration approvalProgress) {

  /**
   * Chosen for real clients: the shortest reads for 5 s, the longest waits 300 s and counts from
   * the last progress.
   */
  public static final McpTimes DEFAULT =
      new McpTimes(
          Duration.ofSeconds(10),
          Duration.ofMinutes(30),
          Duration.ofSeconds(15),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(4),
          Duration.ofSeconds(210),
          Duration.ofSeconds(15));

  public McpTimes {
    check("bodyTimeout", bodyTimeout);
    check("sessionIdle", sessionIdle);
    check("keepAlive", keepAlive);
    check("listTtl", listTtl);
    check("callBudget", callBudget);
    check("subscribeBudget", subscribeBudget);
    check("approvalHold", approvalHold);
    check("approvalHoldWithProgress", approvalHoldWithProgress);
    check("approvalProgress", approvalProgress);
  }

  private static void check(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " is longer than zero, this is " + value);
    }
  }
}
