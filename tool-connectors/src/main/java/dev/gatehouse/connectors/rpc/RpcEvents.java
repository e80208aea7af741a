package dev.gatehouse.connectors.rpc;

import java.util.Map;
import java.util.Optional;

/** Hears of notifications that belong to a running request. Methods return at once. */
public interface RpcEvents {

  /** Whether to ask for progress at all. */
  boolean wantsProgress();

  /** The least severe level of messages to ask for, as MCP names levels; none when empty. */
  String logLevel();

  /** What the caller can do, as an MCP {@code ClientCapabilities} tree. */
  Map<String, Object> capabilities();

  /** A {@code notifications/progress}, without its token. */
  void progress(Map<String, Object> params);

  /** A {@code notifications/message}. */
  void message(Map<String, Object> params);

  /** A {@code notifications/elicitation/complete}. */
  default void elicitationComplete(String elicitationId) {}

  /** The caller's side of the request; empty for a request of the connector itself. */
  default Optional<CallerEvents> caller() {
    return Optional.empty();
  }

  /** The server agreed to tell of these changes: the request is a {@code subscriptions/listen}. */
  default void acknowledged(Map<String, Object> notifications) {}

  /** A {@code notifications/tasks} on the stream that the request opened: the task's state. */
  default void taskChanged(Map<String, Object> state) {}
}
