package dev.gatehouse.mcp.legacy;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.tool.ToolCatalog.Subscription;
import dev.gatehouse.mcp.asking.ClientCapabilities;
import dev.gatehouse.mcp.http.Exchange;
import dev.gatehouse.mcp.http.Timers;
import dev.gatehouse.mcp.jsonrpc.MessageWriter;
import dev.gatehouse.mcp.jsonrpc.RequestId;
import dev.gatehouse.mcp.lists.ListKind;
import dev.gatehouse.mcp.requests.LogLevel;
import dev.gatehouse.mcp.requests.Replier;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A conversation that began with a handshake; it belongs to one agent. Thread-safe. */
final class Session {

  private final String id;
  private final String recordName;
  private final AgentId agent;
  private final ClientCapabilities capabilities;
  private final SessionQuestions questions;
  private final SessionStreams streams;
  private final ConcurrentMap<RequestId, Replier> running = new ConcurrentHashMap<>();
  private volatile LogLevel logLevel = LogLevel.DEBUG;
  private volatile Instant lastUsed;
  private @Nullable Listener listener; // guarded by this
  private volatile @Nullable ResumableStream own;
  private final Set<ListKind> changesUntold = EnumSet.noneOf(ListKind.class); // guarded by this
  private final Set<String> updatesUntold = new LinkedHashSet<>(0); // guarded by this
  private final Map<String, Subscription> subscriptions = new HashMap<>(0); // guarded by this
  private boolean closed; // guarded by this

  Session(
      String id,
      AgentId agent,
      ClientCapabilities capabilities,
      SessionStreams streams,
      RandomGenerator random,
      Timers timers,
      Instant now) {
    this.streams = streams;
    this.id = id;
    this.agent = agent;
    this.capabilities = capabilities;
    questions = new SessionQuestions(random, timers, this::send);
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

  /** What the client declared that it can do. */
  ClientCapabilities capabilities() {
    return capabilities;
  }

  /** The session's streams. */
  SessionStreams streams() {
    return streams;
  }

  /** Our requests to the client. */
  SessionQuestions questions() {
    return questions;
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

  /** Forgets a running request; until then the session was in use. */
  void end(RequestId request, Instant now) {
    running.remove(request);
    lastUsed = now;
  }

  /** Cancels a running request; unknown ones are ignored, as the specification asks. */
  void cancel(RequestId request, String reason) {
    Replier replier = running.get(request);
    if (replier != null) {
      replier.run(() -> replier.cancel(reason));
    }
  }

  /** Sends notifications there from now on, and no longer to the stream before. */
  void listen(Exchange exchange, ResumableStream stream) {
    Listener mine = new Listener(exchange, stream);
    ResumableStream before;
    List<byte[]> untold = new ArrayList<>(0);
    synchronized (this) {
      before = own;
      listener = mine;
      own = stream;
      changesUntold.forEach(kind -> untold.add(listChange(kind)));
      changesUntold.clear();
      updatesUntold.forEach(uri -> untold.add(update(uri)));
      updatesUntold.clear();
    }
    exchange.onGone(() -> forget(exchange));
    if (before != null && !before.equals(stream)) {
      before.end();
    }
    untold.forEach(mine::send);
  }

  /** A list changed: tells the client now, or when it listens again. */
  void listChanged(ListKind kind) {
    Listener present;
    synchronized (this) {
      present = listener;
      if (present == null) {
        changesUntold.add(kind);
      }
    }
    if (present != null) {
      present.send(listChange(kind));
    }
  }

  /** Whether the client is subscribed to that resource. */
  synchronized boolean subscribedTo(String uri) {
    return subscriptions.containsKey(uri);
  }

  /** The client is subscribed to that resource until the subscription is closed. */
  void subscribed(String uri, Subscription subscription) {
    boolean spare;
    synchronized (this) {
      spare = closed || subscriptions.putIfAbsent(uri, subscription) != null;
    }
    if (spare) {
      subscription.close();
    }
  }

  /** Ends the subscription to that resource, if there is one. */
  void unsubscribe(String uri) {
    Subscription ending;
    synchronized (this) {
      ending = subscriptions.remove(uri);
      updatesUntold.remove(uri);
    }
    if (ending != null) {
      ending.close();
    }
  }

  /** A resource changed: tells the client, if subscribed, now or when it listens again. */
  void updated(String uri) {
    Listener present;
    synchronized (this) {
      if (!subscriptions.containsKey(uri)) {
        return;
      }
      present = listener;
      if (present == null) {
        updatesUntold.add(uri);
      }
    }
    if (present != null) {
      present.send(update(uri));
    }
  }

  private static byte[] listChange(ListKind kind) {
    return MessageWriter.notification(kind.notification(), Map.of());
  }

  private static byte[] update(String uri) {
    return MessageWriter.notification("notifications/resources/updated", Map.of("uri", uri));
  }

  /** Ends the stream of notifications, all subscriptions, and what waits for the client. */
  void close() {
    questions.close();
    Listener present;
    List<Subscription> endings;
    synchronized (this) {
      closed = true;
      present = listener;
      listener = null;
      endings = List.copyOf(subscriptions.values());
      subscriptions.clear();
    }
    endings.forEach(Subscription::close);
    if (present != null) {
      present.stream.end();
    }
    streams.close();
  }

  /** Sends on the session's own stream; false when the client listens to none. */
  private boolean send(byte[] message) {
    Listener present;
    synchronized (this) {
      present = listener;
    }
    if (present != null) {
      present.send(message);
    }
    return present != null;
  }

  /** The client does not listen on that connection any more. */
  synchronized void forget(Exchange gone) {
    if (listener != null && listener.exchange().equals(gone)) {
      listener = null;
    }
  }

  /** A client that listens on a connection; the same stream on another is another listener. */
  private record Listener(Exchange exchange, ResumableStream stream) {
    void send(byte[] message) {
      stream.send(message);
    }
  }

  /** Whether the client listens to the session's own stream. */
  synchronized boolean listens() {
    return listener != null;
  }

  /** Whether the stream is the session's own, and not a request's. */
  boolean isOwn(ResumableStream stream) {
    return stream.equals(own);
  }
}
