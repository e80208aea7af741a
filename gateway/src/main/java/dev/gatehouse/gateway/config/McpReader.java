package dev.gatehouse.gateway.config;

import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpLimits;
import dev.gatehouse.mcp.config.McpOutcomes;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.mcp.config.McpWaiting;
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
        mcp.flag("reason_argument", McpConfig.DEFAULT.reasonArgument()),
        McpConfig.DEFAULT.approvalHint(),
        limits(mcp),
        times(mcp),
        waiting(mcp),
        outcomes(mcp));
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
        mcp.integer("list_page_max", fallback.listPageMax()),
        mcp.integer("schema_steps_max", fallback.schemaStepsMax()));
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

  private static McpOutcomes outcomes(Section mcp) {
    McpOutcomes fallback = McpOutcomes.DEFAULT;
    return new McpOutcomes(
        mcp.integer("outcomes_per_agent_max", fallback.outcomesPerAgentMax()),
        mcp.byteCount("outcome_bytes_per_agent_max", fallback.outcomeBytesPerAgentMax()),
        mcp.duration("outcome_hold", fallback.outcomeHold()));
  }

  private static McpWaiting waiting(Section mcp) {
    McpWaiting fallback = McpWaiting.DEFAULT;
    return new McpWaiting(
        mcp.integer("questions_max", fallback.questionsMax()),
        mcp.integer("parked_per_agent_max", fallback.parkedPerAgentMax()),
        mcp.duration("parked_hold", fallback.parkedHold()),
        mcp.integer("approval_legs_max", fallback.approvalLegsMax()),
        mcp.duration("approval_poll", fallback.approvalPoll()),
        mcp.integer("tasks_per_agent_max", fallback.tasksPerAgentMax()),
        mcp.duration("task_ttl", fallback.taskTtl()),
        mcp.duration("task_poll", fallback.taskPoll()),
        mcp.duration("task_budget", fallback.taskBudget()),
        mcp.integer("replay_events_max", fallback.replayEventsMax()),
        mcp.byteCount("replay_bytes_max", fallback.replayBytesMax()),
        mcp.duration("replay_hold", fallback.replayHold()),
        mcp.duration("connection_hold", fallback.connectionHold()),
        mcp.duration("resume_after", fallback.resumeAfter()));
  }
}
