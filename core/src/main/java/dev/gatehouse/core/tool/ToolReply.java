package dev.gatehouse.core.tool;

import dev.gatehouse.core.outcome.Outcome;
import java.util.Map;
import java.util.Optional;

/**
 * What a connector gives back: the outcome for the record, and the result for the agent.
 *
 * @param outcome what came of it
 * @param result the MCP result as a plain JSON tree; of a tool whose outcome is not completed, one
 *     that has {@code isError}; empty beside an error
 * @param error the upstream's JSON-RPC error, which the client gets in place of the result
 */
public record ToolReply(Outcome outcome, Map<String, Object> result, Optional<ReplyError> error) {

  /** A reply that is no JSON-RPC error. */
  public ToolReply(Outcome outcome, Map<String, Object> result) {
    this(outcome, result, Optional.empty());
  }
}
