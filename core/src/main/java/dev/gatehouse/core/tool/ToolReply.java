package dev.gatehouse.core.tool;

import dev.gatehouse.core.outcome.Outcome;
import java.util.Map;

/**
 * What a connector gives back: the outcome for the record, and the result for the agent.
 *
 * @param outcome what came of it
 * @param result an MCP {@code CallToolResult} as a plain JSON tree; for an outcome other than
 *     completed, one that has {@code isError}
 */
public record ToolReply(Outcome outcome, Map<String, Object> result) {}
