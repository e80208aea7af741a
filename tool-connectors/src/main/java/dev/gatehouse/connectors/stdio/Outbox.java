package dev.gatehouse.connectors.stdio;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.rpc.PendingCall;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Messages that wait to be written to a child, bounded in number and in bytes. Many threads add,
 * one thread writes.
 */
final class Outbox {

  private final int messagesMax;
  private final int bytesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<PendingCall> entries = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  Outbox(FlowLimits limits) {
    messagesMax = limits.waitingMessagesMax();
    bytesMax = limits.waitingBytesMax();
  }

  /** Adds a message, be it a request or not; false when it is full or closed. */
  boolean offer(PendingCall message) {
    lock.lock();
    try {
      boolean full =
          entries.size() >= messagesMax
              || (!entries.isEmpty() && bytes + message.message().length > bytesMax);
      if (closed || full) {
        return false;
      }
      entries.add(message);
      bytes += message.message().length;
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Frees the place of a message that need not be written any more. */
  void remove(PendingCall message) {
    lock.lock();
    try {
      if (entries.remove(message)) {
        bytes -= message.message().length;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more; the writer writes what waits and then closes the stream. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Writes messages as lines until closed, then closes the stream. Blocks. */
  void drainTo(OutputStream out) throws IOException {
    try (out) {
      for (Optional<PendingCall> next = take(); next.isPresent(); next = take()) {
        if (next.get().claim()) {
          out.write(next.get().message());
          out.write('\n');
          out.flush();
        }
      }
    } finally {
      close();
    }
  }

  String fullText(String upstream) {
    return "'"
        + upstream
        + "' does not read what is sent to it ("
        + messagesMax
        + " messages or "
        + bytesMax
        + " bytes wait)";
  }

  private Optional<PendingCall> take() {
    lock.lock();
    try {
      while (entries.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      Optional<PendingCall> next = Optional.ofNullable(entries.poll());
      next.ifPresent(message -> bytes -= message.message().length);
      return next;
    } finally {
      lock.unlock();
    }
  }
}
