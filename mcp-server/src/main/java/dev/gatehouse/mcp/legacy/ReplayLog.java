package dev.gatehouse.mcp.legacy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last messages of all streams of a session, for clients that lost a connection; bounded in
 * number and bytes, oldest forgotten first. Thread-safe.
 */
final class ReplayLog {

  private final int eventsMax;
  private final int bytesMax;
  private final Deque<Event> events = new ArrayDeque<>(0);
  private long bytes;

  /**
   * A message that was sent.
   *
   * @param stream the number of its stream
   * @param number its place in that stream, from 1
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Event(int stream, int number, byte[] json) {}

  ReplayLog(int eventsMax, int bytesMax) {
    this.eventsMax = eventsMax;
    this.bytesMax = bytesMax;
  }

  synchronized void add(Event event) {
    events.add(event);
    bytes += event.json().length;
    while (events.size() > eventsMax || bytes > bytesMax) {
      bytes -= events.remove().json().length;
    }
  }

  /** What is left of a stream after that message. */
  synchronized List<Event> after(int stream, int number) {
    List<Event> missed = new ArrayList<>();
    for (Event event : events) {
      if (event.stream() == stream && event.number() > number) {
        missed.add(event);
      }
    }
    return missed;
  }

  /** Forgets a stream. */
  synchronized void forget(int stream) {
    events.removeIf(
        event -> {
          boolean its = event.stream() == stream;
          bytes -= its ? event.json().length : 0;
          return its;
        });
  }

  /** How many messages are kept. */
  synchronized int size() {
    return events.size();
  }
}
