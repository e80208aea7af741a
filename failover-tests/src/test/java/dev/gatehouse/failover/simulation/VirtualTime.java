package dev.gatehouse.failover.simulation;

import java.time.Duration;
import java.util.PriorityQueue;

/** Time that passes only by events; those of one moment happen in the order they were planned. */
final class VirtualTime {

  private record Event(long atNanos, long order, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long now;
  private long planned;

  long nanos() {
    return now;
  }

  double seconds() {
    return now / 1e9;
  }

  void after(Duration delay, Runnable task) {
    events.add(new Event(now + Math.max(0, delay.toNanos()), planned++, task));
  }

  /** Lives until then; gives how many events there were. */
  long runUntil(Duration end) {
    long count = 0;
    while (!events.isEmpty() && events.peek().atNanos <= end.toNanos()) {
      Event event = events.remove();
      now = event.atNanos;
      event.task.run();
      count++;
    }
    now = end.toNanos();
    return count;
  }
}
