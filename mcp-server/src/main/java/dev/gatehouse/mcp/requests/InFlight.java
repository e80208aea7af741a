package dev.gatehouse.mcp.requests;

import dev.gatehouse.core.registry.AgentId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what each agent has running, up to a limit. Thread-safe. */
public final class InFlight {

  private final ConcurrentMap<AgentId, AtomicLong> counts = new ConcurrentHashMap<>();

  /** Takes an amount; false, and nothing is taken, when the agent would have more than max. */
  public boolean enter(AgentId agent, int amount, int max) {
    AtomicLong count = counts.computeIfAbsent(agent, _ -> new AtomicLong());
    if (count.addAndGet(amount) <= max) {
      return true;
    }
    count.addAndGet(-amount);
    return false;
  }

  /** Gives an amount back. */
  public void leave(AgentId agent, int amount) {
    AtomicLong count = counts.get(agent);
    if (amount > 0 && (count == null || count.addAndGet(-amount) < 0)) {
      throw new IllegalStateException("agent " + agent + " gives back what it did not take");
    }
  }
}
