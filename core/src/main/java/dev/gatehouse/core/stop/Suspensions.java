package dev.gatehouse.core.stop;

import dev.gatehouse.core.registry.AgentId;
import java.util.concurrent.CompletionStage;

/**
 * The agents that the gateway itself has stopped because they did what they are not for. Only an
 * operator ends that. Thread-safe, never blocks.
 */
public interface Suspensions {

  /** Whether the agent is suspended. */
  boolean isSuspended(AgentId agent);

  /**
   * Lets the agent's calls be judged again. It stays suspended until that is on record, and for
   * good when it cannot be.
   *
   * @return completes with whether it was suspended, after it was reactivated
   * @throws IllegalArgumentException for a blank or overlong reason
   */
  CompletionStage<Boolean> reactivate(AgentId agent, String reason, String by);
}
