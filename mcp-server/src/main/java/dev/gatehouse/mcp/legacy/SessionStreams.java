package dev.gatehouse.mcp.legacy;

import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpWaiting;
import dev.gatehouse.mcp.http.EventStream;
import dev.gatehouse.mcp.http.Exchange;
import dev.gatehouse.mcp.http.Outlets;
import dev.gatehouse.mcp.http.Timers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one session. Each event's id names its stream and its place in it; a client that
 * lost a connection resumes that very stream, of its own session, with {@code Last-Event-ID} (MCP
 * 2025-11-25, Resumability and Redelivery). Thread-safe.
 *
 * <p>Clients of revision 2025-11-25 also take an event without data to begin with, and the server
 * closing a connection for them to resume.
 */
final class SessionStreams implements Outlets {

  private static final int EVENT_ID_CHARS_MAX = 32;

  private final Map<Integer, ResumableStream> streams = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();
  private final boolean polling;
  private final McpConfig config;
  private final Timers timers;
  private final ReplayLog log;

  /**
   * @param polling whether the client knows of connections that the server closes
   */
  SessionStreams(boolean polling, McpConfig config, Timers timers) {
    this.polling = polling;
    this.config = config;
    this.timers = timers;
    McpWaiting waiting = config.waiting();
    log = new ReplayLog(waiting.replayEventsMax(), waiting.replayBytesMax());
  }

  /** A stream and the last message of it that the client has. */
  record Position(ResumableStream stream, int after) {}

  /** The place that an event's id names; empty when this session has no such stream any more. */
  Optional<Position> find(String eventId) {
    int dash = eventId.indexOf('-');
    if (dash < 1 || eventId.length() > EVENT_ID_CHARS_MAX) {
      return Optional.empty();
    }
    try {
      int after = Integer.parseInt(eventId, dash + 1, eventId.length(), 10);
      return Optional.ofNullable(streams.get(Integer.parseInt(eventId, 0, dash, 10)))
          .map(stream -> new Position(stream, after));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Goes on with a stream on another connection; null when the client has gone. */
  @Nullable ResumableStream resume(Exchange exchange, Position from) {
    EventStream connection = exchange.stream();
    if (connection == null) {
      return null;
    }
    attach(exchange, connection, from.stream(), from.after());
    return from.stream();
  }

  /** A new stream on that connection; null when the client has gone. */
  @Override
  public @Nullable ResumableStream open(Exchange exchange) {
    EventStream connection = exchange.stream();
    if (connection == null) {
      return null;
    }
    int number = last.incrementAndGet();
    ResumableStream stream = new ResumableStream(number, log, () -> forgetLater(number));
    streams.put(number, stream);
    if (polling) {
      connection.prime(stream.firstId(), config.waiting().resumeAfter());
    }
    attach(exchange, connection, stream, 0);
    return stream;
  }

  @Override
  public Duration openAfter(Duration keepAlive) {
    Duration hold = config.waiting().connectionHold();
    return polling && hold.compareTo(keepAlive) < 0 ? hold : keepAlive;
  }

  @Override
  public boolean outliveConnections() {
    return true;
  }

  /** Nothing can be resumed any more; streams that are connected go on. */
  void close() {
    streams.clear();
  }

  private void attach(
      Exchange exchange, EventStream connection, ResumableStream stream, int after) {
    Timers.Timer limit =
        polling
            ? timers.after(config.waiting().connectionHold(), () -> stream.release(connection))
            : () -> {};
    stream.attach(exchange, connection, after, limit);
  }

  /** Ended streams are kept for a while, and no more of them than events. */
  private void forgetLater(int number) {
    if (streams.size() > config.waiting().replayEventsMax()) {
      forget(number);
    } else {
      var _ = timers.after(config.waiting().replayHold(), () -> forget(number));
    }
  }

  private void forget(int number) {
    streams.remove(number);
    log.forget(number);
  }
}
