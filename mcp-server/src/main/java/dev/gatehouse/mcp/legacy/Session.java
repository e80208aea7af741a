package dev.gatehouse.mcp.legacy;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.mcp.http.EventStream;
import dev.gatehouse.mcp.http.Exchange;
import dev.gatehouse.mcp.jsonrpc.MessageWriter;
import dev.gatehouse.mcp.jsonrpc.RequestId;
import dev.gatehouse.mcp.operations.LogLevel;
import dev.gatehouse.mcp.operations.Replier;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** A conversation that began with a handshake; it belongs to one agent. Thread-safe. */
final class Session {

  private static final byte[] LIST_CHANGED =
      MessageWriter.notification("notifications/tools/list_changed", Map.of());

  private final String id;
  private final String recordName;
  private final AgentId agent;
  private final ConcurrentMap<RequestId, Replier> running = new ConcurrentHashMap<>();
  private volatile LogLevel logLevel = LogLevel.DEBUG;
  private volatile Instant lastUsed;
  private @Nullable Listener listener; // guarded by this
  private boolean changeUntold; // guarded by this

  Session(String id, AgentId agent, Instant now) {
    this.id = id;
    this.agent = agent;
    lastUsed = now;
    recordName = "mcp-" + Digest.of(id.getBytes(StandardCharsets.US_ASCII)).hex().substring(0, 16);
  }

  /** What the client shows; a secret between it and this server. */
  String id() {
    return id;
  }

  /** The session's name in rows: a digest, since rows are no place for the id itself. */
  String recordName() {
    return recordName;
  }

  AgentId agent() {
    return agent;
  }

  /** The least severe log message that the client wants. */
  LogLevel logLevel() {
    return logLevel;
  }

  void logLevel(LogLevel level) {
    logLevel = level;
  }

  void touch(Instant now) {
    lastUsed = now;
  }

  Instant lastUsed() {
    return lastUsed;
  }

  /** Whether anything runs or listens in it; such a session does not go idle. */
  synchronized boolean busy() {
    return listener != null || !running.isEmpty();
  }

  /** Notes a running request; false when its id is taken. */
  boolean begin(Replier replier) {
    return running.putIfAbsent(replier.id(), replier) == null;
  }

  void end(RequestId request) {
    running.remove(request);
  }

  /** Cancels a running request; unknown ones are ignored, as the specification asks. */
  void cancel(RequestId request, String reason) {
    Replier replier = running.get(request);
    if (replier != null) {
      replier.run(() -> replier.cancel(reason));
    }
  }

  /** Sends notifications there from now on, and no longer to the stream before. */
  void listen(Exchange exchange, EventStream stream) {
    Listener mine = new Listener(exchange, stream);
    Listener before;
    boolean untold;
    synchronized (this) {
      before = listener;
      listener = mine;
      untold = changeUntold;
      changeUntold = false;
    }
    exchange.onGone(() -> forget(mine));
    if (before != null) {
      before.end();
    }
    if (untold) {
      mine.send(LIST_CHANGED);
    }
  }

  /** The list of tools changed: tells the client now, or when it listens again. */
  void listChanged() {
    Listener present;
    synchronized (this) {
      present = listener;
      changeUntold = present == null;
    }
    if (present != null) {
      present.send(LIST_CHANGED);
    }
  }

  /** Ends the stream of notifications. */
  void close() {
    Listener present;
    synchronized (this) {
      present = listener;
      listener = null;
    }
    if (present != null) {
      present.end();
    }
  }

  private synchronized void forget(Listener gone) {
    if (gone.equals(listener)) {
      listener = null;
    }
  }

  private record Listener(Exchange exchange, EventStream stream) {
    void send(byte[] message) {
      exchange.run(() -> stream.send(message));
    }

    void end() {
      exchange.run(stream::end);
    }
  }
}
