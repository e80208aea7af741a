package dev.gatehouse.fleet;

import java.time.Duration;

/** The one thread that a fleet's knowledge lives on, and its time. */
public interface FleetLoop extends AutoCloseable {

  /** Runs that later, in the order of these calls; from any thread. Nothing after the close. */
  void execute(Runnable task);

  /** Runs that when so much time has passed; from any thread. Nothing after the close. */
  void after(Duration delay, Runnable task);

  /** Nanoseconds since some moment. */
  long nanos();

  @Override
  void close();
}
