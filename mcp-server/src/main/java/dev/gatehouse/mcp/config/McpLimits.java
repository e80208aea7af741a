package dev.gatehouse.mcp.config;

/**
 * How much the endpoint takes. Every limit is at least 1; the config key of each is its name.
 *
 * @param bodyBytesMax longest request body
 * @param bodyBytesPerAgentMax bytes of all request bodies of one agent being read or answered
 * @param nestingMax deepest JSON nesting of a body
 * @param stringCharsMax longest JSON string in a body
 * @param valuesMax most JSON tokens in a body, so that a small body cannot become a huge tree
 * @param requestsPerAgentMax requests of one agent being read or answered at once
 * @param callsPerAgentMax tool calls of one agent running or waiting for a person at once
 * @param streamsPerAgentMax notification streams of one agent open at once
 * @param subscriptionsPerAgentMax resources that one agent is subscribed to at once
 * @param sessionsMax sessions of the old era, over all agents
 * @param sessionsPerAgentMax sessions of one agent; a further one ends its least recently used
 * @param streamQueueBytesMax bytes waiting to be sent on an event stream; beyond, it is cut
 * @param notificationsHeldMax notifications of one call kept until its intent is durable; further
 *     ones are dropped
 * @param listPageMax entries in one page of a list
 * @param schemaStepsMax keywords and values to look at when a value is held against a schema; what
 *     takes more is not checked
 */
public record McpLimits(
    int bodyBytesMax,
    int bodyBytesPerAgentMax,
    int nestingMax,
    int stringCharsMax,
    int valuesMax,
    int requestsPerAgentMax,
    int callsPerAgentMax,
    int streamsPerAgentMax,
    int subscriptionsPerAgentMax,
    int sessionsMax,
    int sessionsPerAgentMax,
    int streamQueueBytesMax,
    int notificationsHeldMax,
    int listPageMax,
    int schemaStepsMax) {

  /** Generous for agents, tight for abuse. */
  public static final McpLimits DEFAULT =
      new McpLimits(
          4 << 20, 64 << 20, 64, 2 << 20, 200_000, 256, 128, 64, 256, 10_000, 256, 1 << 20, 64, 500,
          100_000);

  /** Deepest nesting that the record of a call can hold, less what a request adds around it. */
  private static final int NESTING_CEILING = 120;

  public McpLimits {
    check("bodyBytesMax", bodyBytesMax, Integer.MAX_VALUE);
    check("bodyBytesPerAgentMax", bodyBytesPerAgentMax, Integer.MAX_VALUE);
    check("nestingMax", nestingMax, NESTING_CEILING);
    check("stringCharsMax", stringCharsMax, Integer.MAX_VALUE);
    check("valuesMax", valuesMax, Integer.MAX_VALUE);
    check("requestsPerAgentMax", requestsPerAgentMax, Integer.MAX_VALUE);
    check("callsPerAgentMax", callsPerAgentMax, Integer.MAX_VALUE);
    check("streamsPerAgentMax", streamsPerAgentMax, Integer.MAX_VALUE);
    check("subscriptionsPerAgentMax", subscriptionsPerAgentMax, Integer.MAX_VALUE);
    check("sessionsMax", sessionsMax, Integer.MAX_VALUE);
    check("sessionsPerAgentMax", sessionsPerAgentMax, Integer.MAX_VALUE);
    check("streamQueueBytesMax", streamQueueBytesMax, Integer.MAX_VALUE);
    check("notificationsHeldMax", notificationsHeldMax, Integer.MAX_VALUE);
    check("listPageMax", listPageMax, Integer.MAX_VALUE);
    check("schemaStepsMax", schemaStepsMax, Integer.MAX_VALUE);
  }

  private static void check(String name, int value, int ceiling) {
    if (value < 1 || value > ceiling) {
      throw new IllegalArgumentException(name + " lies in 1.." + ceiling + ", this is " + value);
    }
  }
}
