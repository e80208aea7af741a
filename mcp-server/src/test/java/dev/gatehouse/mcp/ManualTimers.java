package dev.gatehouse.mcp;

import dev.gatehouse.mcp.http.Timers;
import dev.gatehouse.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Timers that run when a test moves the clock. */
final class ManualTimers implements Timers {

  private record Task(Instant at, Duration delay, Runnable run) {}

  private final ManualClock clock;
  private final List<Task> tasks = new ArrayList<>();

  ManualTimers(ManualClock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Timer after(Duration delay, Runnable task) {
    Task added = new Task(clock.instant().plus(delay), delay, task);
    tasks.add(added);
    return () -> remove(added);
  }

  /** How many timers wait with exactly that delay. */
  synchronized long waiting(Duration delay) {
    return tasks.stream().filter(task -> task.delay().equals(delay)).count();
  }

  /** Moves the clock and runs what became due, in order. */
  void advance(Duration by) {
    clock.advance(by);
    for (Optional<Task> due = nextDue(); due.isPresent(); due = nextDue()) {
      due.get().run().run();
    }
  }

  private synchronized Optional<Task> nextDue() {
    Optional<Task> due =
        tasks.stream()
            .filter(task -> !task.at().isAfter(clock.instant()))
            .min(Comparator.comparing(Task::at));
    due.ifPresent(tasks::remove);
    return due;
  }

  private synchronized void remove(Task task) {
    tasks.remove(task);
  }
}
