package dev.gatehouse.mcp.tasks;

import dev.gatehouse.core.registry.AgentId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A call that its client looks at from time to time.
 *
 * <p>{@code working} ⇄ {@code input_required}; either → {@code completed}, {@code failed} or {@code
 * cancelled}, which nothing leaves. Thread-safe: what can be seen of it is one immutable value.
 */
public final class Task {

  private static final int MESSAGE_CHARS_MAX = 256;

  private final String id;
  private final AgentId owner;
  private final Instant createdAt;
  private final Duration ttl;
  private final Duration poll;
  private final InstantSource clock;
  private final Work work;
  private final Set<Consumer<Map<String, Object>>> watchers = ConcurrentHashMap.newKeySet();
  private volatile View view;

  /** The call behind a task. Methods may be called on any thread. */
  public interface Work {

    /**
     * Hands over answers of the client.
     *
     * @return the keys of open questions whose answers do not fit
     */
    CompletionStage<List<String>> answer(Map<?, ?> answers);

    /** The client does not want it any more. */
    void cancel(String reason);
  }

  /** What can be seen of it at one instant. */
  private record View(
      Status status, String message, Instant changedAt, Map<String, Object> payload) {}

  /** Where a task stands. */
  private enum Status {
    WORKING("working"),
    INPUT_REQUIRED("input_required"),
    COMPLETED("completed"),
    FAILED("failed"),
    CANCELLED("cancelled");

    private final String wireName;

    Status(String wireName) {
      this.wireName = wireName;
    }

    boolean isFinal() {
      return this != WORKING && this != INPUT_REQUIRED;
    }
  }

  Task(String id, AgentId owner, Duration ttl, Duration poll, InstantSource clock, Work work) {
    this.id = id;
    this.owner = owner;
    this.ttl = ttl;
    this.poll = poll;
    this.clock = clock;
    this.work = work;
    createdAt = clock.instant();
    view = new View(Status.WORKING, "", createdAt, Map.of());
  }

  /** Its handle: cannot be guessed, and serves its owner only. */
  public String id() {
    return id;
  }

  /** The agent whose call it is. */
  public AgentId owner() {
    return owner;
  }

  /** Whether it is over. */
  public boolean isOver() {
    return view.status().isFinal();
  }

  /** It goes on; the message is for people. */
  public void working(String message) {
    move(Status.WORKING, message, Map.of());
  }

  /** It needs these answers, as MCP {@code InputRequests}. */
  public void needsInput(Map<String, Object> inputRequests) {
    move(Status.INPUT_REQUIRED, "", Map.of("inputRequests", inputRequests));
  }

  /** It came to a result, which may report an error of the tool. */
  public void completed(Map<String, Object> result) {
    move(Status.COMPLETED, "", Map.of("result", result));
  }

  /** It ended with a JSON-RPC error. */
  public void failed(Map<String, Object> error) {
    move(Status.FAILED, String.valueOf(error.get("message")), Map.of("error", error));
  }

  /** It was cancelled before it came to anything. */
  public void cancelled(String reason) {
    move(Status.CANCELLED, reason, Map.of());
  }

  /** The call behind it. */
  public Work work() {
    return work;
  }

  /** Its handle and status, as {@code CreateTaskResult} carries them. */
  public Map<String, Object> handle() {
    return tree(view, false);
  }

  /** All of it, as {@code DetailedTask}. */
  public Map<String, Object> detail() {
    return tree(view, true);
  }

  /** Tells of each change from now on; runs on any thread. */
  public void watch(Consumer<Map<String, Object>> watcher) {
    watchers.add(watcher);
  }

  /** Stops telling. */
  public void unwatch(Consumer<Map<String, Object>> watcher) {
    watchers.remove(watcher);
  }

  private void move(Status to, String message, Map<String, Object> payload) {
    View moved;
    synchronized (this) {
      if (view.status().isFinal()) {
        return;
      }
      moved = new View(to, shortened(message), clock.instant(), payload);
      view = moved;
    }
    watchers.forEach(watcher -> watcher.accept(tree(moved, true)));
  }

  private Map<String, Object> tree(View seen, boolean detailed) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("taskId", id);
    tree.put("status", seen.status().wireName);
    if (!seen.message().isEmpty()) {
      tree.put("statusMessage", seen.message());
    }
    tree.put("createdAt", createdAt.toString());
    tree.put("lastUpdatedAt", seen.changedAt().toString());
    tree.put("ttlMs", ttl.toMillis());
    tree.put("pollIntervalMs", poll.toMillis());
    if (detailed) {
      tree.putAll(seen.payload());
    }
    return tree;
  }

  private static String shortened(String message) {
    return message.length() <= MESSAGE_CHARS_MAX
        ? message
        : message.substring(0, MESSAGE_CHARS_MAX) + "…";
  }
}
