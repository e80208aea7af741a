package dev.gatehouse.mcp.tasks;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.mcp.http.Timers;
import dev.gatehouse.mcp.node.NodeMark;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * All tasks: bounded per agent, found by their own agent only, forgotten when their time is over.
 * Thread-safe.
 */
public final class Tasks {

  private static final int ID_BYTES = 24;

  private final ConcurrentMap<AgentId, ConcurrentMap<String, Task>> tasks =
      new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final Timers timers;
  private final SecureRandom random;
  private final NodeMark node;

  public Tasks(InstantSource clock, Timers timers, SecureRandom random, NodeMark node) {
    this.node = node;
    this.clock = clock;
    this.timers = timers;
    this.random = random;
  }

  /**
   * Makes a task; empty when the agent has {@code max} of them.
   *
   * @param ttl after which it is forgotten, counted from now
   * @param poll how often its client should look
   */
  public Optional<Task> create(
      AgentId owner, Duration ttl, Duration poll, int max, Task.Work work) {
    ConcurrentMap<String, Task> own = own(owner);
    Task task = new Task(freshId(), owner, ttl, poll, clock, work);
    synchronized (own) {
      if (own.size() >= max) {
        return Optional.empty();
      }
      own.put(task.id(), task);
    }
    var _ = timers.after(ttl, () -> expire(task));
    return Optional.of(task);
  }

  /** The agent's task of that name, while it is kept. */
  public Optional<Task> find(AgentId owner, String id) {
    return Optional.ofNullable(own(owner).get(id));
  }

  /** Whether another process gave that name to a task: it lives there, if it still does. */
  public boolean isElsewhere(String id) {
    return node.whose(id) == NodeMark.Whose.ELSEWHERE;
  }

  /** How many are kept for the agent. */
  public int size(AgentId owner) {
    return own(owner).size();
  }

  /** A task that is still at work when its time is over is cancelled and says so. */
  private void expire(Task task) {
    if (!task.isOver()) {
      task.failed(Map.of("code", -32603, "message", "the task's ttlMs is over"));
      task.work().cancel("the task's ttlMs is over");
    }
    own(task.owner()).remove(task.id());
  }

  private ConcurrentMap<String, Task> own(AgentId owner) {
    return tasks.computeIfAbsent(owner, _ -> new ConcurrentHashMap<>());
  }

  private String freshId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return node.of(Base64.getUrlEncoder().withoutPadding().encodeToString(id));
  }
}
