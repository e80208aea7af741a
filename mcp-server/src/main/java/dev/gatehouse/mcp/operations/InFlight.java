package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.registry.AgentId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what each agent has running, up to a limit. Thread-safe. */
public final class InFlight {

  private final ConcurrentMap<AgentId, AtomicInteger> counts = new ConcurrentHashMap<>();

  /** Takes a place; false when the agent has {@code max} already. */
  public boolean enter(AgentId agent, int max) {
    AtomicInteger count = counts.computeIfAbsent(agent, _ -> new AtomicInteger());
    if (count.incrementAndGet() <= max) {
      return true;
    }
    count.decrementAndGet();
    return false;
  }

  /** Gives a place back. */
  public void leave(AgentId agent) {
    AtomicInteger count = counts.get(agent);
    if (count == null || count.decrementAndGet() < 0) {
      throw new IllegalStateException("agent " + agent + " gives back a place it did not take");
    }
  }

  /** How many places the agent has. */
  public int of(AgentId agent) {
    AtomicInteger count = counts.get(agent);
    return count == null ? 0 : count.get();
  }
}
