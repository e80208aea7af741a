package dev.gatehouse.mcp.legacy;

import dev.gatehouse.mcp.http.EventStream;
import dev.gatehouse.mcp.http.Exchange;
import dev.gatehouse.mcp.http.Outlet;
import dev.gatehouse.mcp.http.Timers;
import dev.gatehouse.mcp.legacy.ReplayLog.Event;
import org.jspecify.annotations.Nullable;

/**
 * A stream of messages that outlives its connections: what is sent while there is none is replayed
 * to the next one, as far as the session's log still has it. Thread-safe.
 */
final class ResumableStream implements Outlet {

  private final int number;
  private final ReplayLog log;
  private final Runnable whenEnded;
  private int last; // guarded by this, like the rest
  private @Nullable Connection connection;
  private boolean ended;
  private Runnable whenResumed = () -> {};

  /** Where the messages go at present. */
  private record Connection(Exchange exchange, EventStream stream, Timers.Timer limit) {}

  /**
   * @param number tells it apart from the session's other streams
   * @param whenEnded runs once, when nothing follows
   */
  ResumableStream(int number, ReplayLog log, Runnable whenEnded) {
    this.number = number;
    this.log = log;
    this.whenEnded = whenEnded;
  }

  @Override
  public synchronized void send(byte[] json) {
    if (!ended) {
      Event event = new Event(number, ++last, json);
      log.add(event);
      if (connection != null) {
        deliver(connection, event);
      }
    }
  }

  @Override
  public synchronized boolean connected() {
    return connection != null;
  }

  @Override
  public synchronized void whenResumed(Runnable task) {
    whenResumed = task;
  }

  @Override
  public void end() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      close();
    }
    whenEnded.run();
  }

  /**
   * Sends there from now on, beginning with what came after that message. Called on the exchange's
   * loop.
   *
   * @param limit ends the connection some time
   */
  synchronized void attach(Exchange exchange, EventStream stream, int after, Timers.Timer limit) {
    close();
    Connection mine = new Connection(exchange, stream, limit);
    connection = mine;
    log.after(number, after).forEach(event -> deliver(mine, event));
    whenResumed.run();
    if (ended) {
      close();
    } else {
      exchange.onGone(() -> detach(stream));
    }
  }

  /** Ends the connection to that stream of events, not the stream. */
  synchronized void release(EventStream stream) {
    if (connection != null && connection.stream().equals(stream)) {
      close();
    }
  }

  /** Ends the connection of that exchange, not the stream. */
  synchronized void release(Exchange exchange) {
    if (connection != null && connection.exchange().equals(exchange)) {
      close();
    }
  }

  /** How the client names the state before the first message. */
  String firstId() {
    return number + "-0";
  }

  private synchronized void detach(EventStream gone) {
    if (connection != null && connection.stream().equals(gone)) {
      connection.limit().cancel();
      connection = null;
    }
  }

  private void close() {
    Connection present = connection;
    connection = null;
    if (present != null) {
      present.limit().cancel();
      present.exchange().run(present.stream()::end);
    }
  }

  private static void deliver(Connection to, Event event) {
    to.exchange().run(() -> to.stream().send(event.stream() + "-" + event.number(), event.json()));
  }
}
