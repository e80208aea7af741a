package dev.gatehouse.core.registry;

import java.util.List;
import java.util.Optional;

/** The agents, as an immutable snapshot at each read. Thread-safe, never blocks. */
public interface Registry {

  /** The agent of that id. */
  Optional<Agent> find(AgentId id);

  /** All agents in the order of their ids. */
  List<Agent> agents();
}
