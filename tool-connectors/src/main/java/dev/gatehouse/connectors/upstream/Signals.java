package dev.gatehouse.connectors.upstream;

import dev.gatehouse.connectors.offer.ListKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What wakes a supervisor: a changed list, an ended session, the end. Thread-safe. */
final class Signals {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition raised = lock.newCondition();
  private final EnumSet<ListKind> changed = EnumSet.noneOf(ListKind.class);
  private boolean woken;
  private boolean closed;

  /** These lists of the upstream may have changed. */
  void listsChanged(Set<ListKind> kinds) {
    raise(() -> changed.addAll(kinds));
  }

  /** It is over. */
  void close() {
    raise(() -> closed = true);
  }

  /** Look around: something else happened. */
  void wake() {
    raise(() -> woken = true);
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** The lists that may have changed since this was last asked. */
  Set<ListKind> takeChanged() {
    lock.lock();
    try {
      Set<ListKind> taken = EnumSet.copyOf(changed);
      changed.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a signal; returns at once when one was raised since the last wait. Blocks. */
  void await(Duration most) {
    lock.lock();
    try {
      long left = most.toNanos();
      while (!closed && changed.isEmpty() && !woken && left > 0) {
        left = raised.awaitNanos(left);
      }
      woken = false;
    } catch (InterruptedException e) {
      closed = true;
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for that long or until closed; list changes stay for later. Blocks. */
  void pause(Duration time) {
    lock.lock();
    try {
      long left = time.toNanos();
      while (!closed && left > 0) {
        left = raised.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      closed = true;
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void raise(Runnable flag) {
    lock.lock();
    try {
      flag.run();
      raised.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
