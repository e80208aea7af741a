package dev.gatehouse.audit.disk;

/** Waiting for threads. */
public final class Threads {

  private Threads() {}

  /** Waits until the thread has ended, whatever happens; keeps an interrupt for the caller. */
  public static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
