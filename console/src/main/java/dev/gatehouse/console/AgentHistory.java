package dev.gatehouse.console;

import dev.gatehouse.core.registry.AgentId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What an agent did of late, for whoever decides about its next call. */
@FunctionalInterface
public interface AgentHistory {

  /**
   * The agent's last calls as the record has them, the newest first, each a plain JSON tree: {@code
   * row}, {@code at}, {@code what}, {@code operation_type}, {@code verdict}, {@code rule}, {@code
   * risk}. Does not block; completes on any thread, and fails when the record cannot be read.
   */
  CompletionStage<List<Map<String, Object>>> of(AgentId agent);
}
