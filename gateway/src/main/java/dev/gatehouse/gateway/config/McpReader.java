package dev.gatehouse.gateway.config;

import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpLimits;
import dev.gatehouse.mcp.config.McpTimes;
import java.util.Set;

/** Reads {@code mcp}: the endpoint that agents connect to. */
final class McpReader {

  private final Building building;

  McpReader(Building building) {
    this.building = building;
  }

  McpConfig read(Section root) {
    Section mcp = root.section("mcp");
    return building.attempt(mcp, () -> config(mcp)).orElse(McpConfig.DEFAULT);
  }

  private static McpConfig config(Section mcp) {
    return new McpConfig(
        McpConfig.DEFAULT.path(),
        McpConfig.DEFAULT.serverName(),
        McpConfig.DEFAULT.serverVersion(),
        mcp.text("instructions", McpConfig.DEFAULT.instructions()),
        Set.copyOf(mcp.texts("allowed_hosts")),
        Set.copyOf(mcp.texts("allowed_origins")),
        McpConfig.DEFAULT.approvalHint(),
        limits(mcp),
        times(mcp));
  }

  private static McpLimits limits(Section mcp) {
    McpLimits fallback = McpLimits.DEFAULT;
    return new McpLimits(
        mcp.byteCount("body_bytes_max", fallback.bodyBytesMax()),
        mcp.byteCount("body_bytes_per_agent_max", fallback.bodyBytesPerAgentMax()),
        mcp.integer("nesting_max", fallback.nestingMax()),
        mcp.integer("string_chars_max", fallback.stringCharsMax()),
        mcp.integer("values_max", fallback.valuesMax()),
        mcp.integer("requests_per_agent_max", fallback.requestsPerAgentMax()),
        mcp.integer("calls_per_agent_max", fallback.callsPerAgentMax()),
        mcp.integer("streams_per_agent_max", fallback.streamsPerAgentMax()),
        mcp.integer("subscriptions_per_agent_max", fallback.subscriptionsPerAgentMax()),
        mcp.integer("sessions_max", fallback.sessionsMax()),
        mcp.integer("sessions_per_agent_max", fallback.sessionsPerAgentMax()),
        mcp.byteCount("stream_queue_bytes_max", fallback.streamQueueBytesMax()),
        mcp.integer("notifications_held_max", fallback.notificationsHeldMax()),
        mcp.integer("list_page_max", fallback.listPageMax()));
  }

  private static McpTimes times(Section mcp) {
    McpTimes fallback = McpTimes.DEFAULT;
    return new McpTimes(
        mcp.duration("body_timeout", fallback.bodyTimeout()),
        mcp.duration("session_idle", fallback.sessionIdle()),
        mcp.duration("keep_alive", fallback.keepAlive()),
        mcp.duration("list_ttl", fallback.listTtl()),
        mcp.duration("call_budget", fallback.callBudget()),
        mcp.duration("subscribe_budget", fallback.subscribeBudget()),
        mcp.duration("approval_hold", fallback.approvalHold()),
        mcp.duration("approval_hold_with_progress", fallback.approvalHoldWithProgress()),
        mcp.duration("approval_progress", fallback.approvalProgress()));
  }
}
