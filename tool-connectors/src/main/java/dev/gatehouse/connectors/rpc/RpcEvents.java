package dev.gatehouse.connectors.rpc;

import java.util.Map;
import java.util.Optional;

/** Hears of notifications that belong to a running request. Methods return at once. */
public interface RpcEvents {

  /** Hears nothing and wants nothing. */
  RpcEvents NONE =
      new RpcEvents() {
        @Override
        public boolean wantsProgress() {
          return false;
        }

        @Override
        public String logLevel() {
          return "";
        }

        @Override
        public Map<String, Object> capabilities() {
          return Map.of();
        }

        @Override
        public void progress(Map<String, Object> params) {}

        @Override
        public void message(Map<String, Object> params) {}
      };

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
}
