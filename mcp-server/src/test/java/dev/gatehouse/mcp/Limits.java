package dev.gatehouse.mcp;

import dev.gatehouse.mcp.config.McpLimits;

/** The default limits with one of them changed. */
final class Limits {

  private Limits() {}

  static McpLimits with(String name, int value) {
    McpLimits d = McpLimits.DEFAULT;
    return new McpLimits(
        pick("bodyBytesMax", d.bodyBytesMax(), name, value),
        pick("bodyBytesPerAgentMax", d.bodyBytesPerAgentMax(), name, value),
        pick("nestingMax", d.nestingMax(), name, value),
        pick("stringCharsMax", d.stringCharsMax(), name, value),
        pick("valuesMax", d.valuesMax(), name, value),
        pick("requestsPerAgentMax", d.requestsPerAgentMax(), name, value),
        pick("callsPerAgentMax", d.callsPerAgentMax(), name, value),
        pick("streamsPerAgentMax", d.streamsPerAgentMax(), name, value),
        pick("subscriptionsPerAgentMax", d.subscriptionsPerAgentMax(), name, value),
        pick("sessionsMax", d.sessionsMax(), name, value),
        pick("sessionsPerAgentMax", d.sessionsPerAgentMax(), name, value),
        pick("streamQueueBytesMax", d.streamQueueBytesMax(), name, value),
        pick("notificationsHeldMax", d.notificationsHeldMax(), name, value),
        pick("listPageMax", d.listPageMax(), name, value),
        pick("schemaStepsMax", d.schemaStepsMax(), name, value));
  }

  private static int pick(String mine, int normal, String wanted, int value) {
    return mine.equals(wanted) ? value : normal;
  }
}
