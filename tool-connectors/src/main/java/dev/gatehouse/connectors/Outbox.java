package dev.gatehouse.connectors;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Messages that wait to be written to a child, bounded in number and in bytes. Many threads add, one
 * thread writes.
 */
final class Outbox {

  /** Most messages that wait. */
  static final int MESSAGES_MAX = 1_024;

  /** Most bytes that wait; a single message may always wait alone. */
  static final int BYTES_MAX = 32 << 20;

  private record Entry(byte[] message, Optional<PendingCall> call) {}

  private final int bytesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  Outbox(int messageBytesMax) {
    bytesMax = Math.max(BYTES_MAX, messageBytesMax);
  }

  /** Adds a request; false when it is full or closed. */
  boolean offer(PendingCall call) {
    return offer(new Entry(call.message(), Optional.of(call)));
  }

  /** Adds a notification or an answer; false when it is full or closed. */
  boolean offer(byte[] message) {
    return offer(new Entry(message, Optional.empty()));
  }

  /** Frees the place of a request that need not be written any more. */
  void remove(PendingCall call) {
    lock.lock();
    try {
      entries.removeIf(
          entry -> {
            boolean same = entry.call().filter(other -> other == call).isPresent();
            bytes -= same ? entry.message().length : 0;
            return same;
          });
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
      Optional<Entry> next;
      while ((next = take()).isPresent()) {
        Entry entry = next.get();
        if (entry.call().isEmpty() || entry.call().get().claim()) {
          out.write(entry.message());
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
        + MESSAGES_MAX
        + " messages or "
        + bytesMax
        + " bytes wait)";
  }

  private boolean offer(Entry entry) {
    lock.lock();
    try {
      boolean full =
          entries.size() >= MESSAGES_MAX
              || (!entries.isEmpty() && bytes + entry.message().length > bytesMax);
      if (closed || full) {
        return false;
      }
      entries.add(entry);
      bytes += entry.message().length;
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private Optional<Entry> take() {
    lock.lock();
    try {
      while (entries.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      Optional<Entry> next = Optional.ofNullable(entries.poll());
      next.ifPresent(entry -> bytes -= entry.message().length);
      return next;
    } finally {
      lock.unlock();
    }
  }
}
