package dev.gatehouse.mcp.http;

import io.vertx.core.Vertx;
import java.time.Duration;

/** Runs things later, on any thread; a test's timers run when it moves its clock. */
public interface Timers {

  /** Runs the task once after the delay, unless cancelled before. */
  Timer after(Duration delay, Runnable task);

  /** A task that waits for its time. */
  interface Timer {
    /** Forgets the task; does nothing when it ran already. */
    void cancel();
  }

  /** Real time. */
  static Timers of(Vertx vertx) {
    return (delay, task) -> {
      long id = vertx.setTimer(Math.max(1, delay.toMillis()), _ -> task.run());
      return () -> vertx.cancelTimer(id);
    };
  }
}
