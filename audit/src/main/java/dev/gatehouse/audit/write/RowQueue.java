package dev.gatehouse.audit.write;

import dev.gatehouse.core.audit.AuditUnavailableException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The rows that wait for the disk, bounded in number and bytes. Many threads add, the writer takes
 * all at once: adding is one compare-and-set, and a batch is whatever came during the last fsync.
 *
 * <p>A row counts until it is durable or refused, not just until it is taken.
 */
public final class RowQueue {

  private final int rowsMax;
  private final long bytesMax;
  private final AtomicReference<@Nullable Pending> newest = new AtomicReference<>();
  private final AtomicInteger rows = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  public RowQueue(int rowsMax, long bytesMax) {
    this.rowsMax = rowsMax;
    this.bytesMax = bytesMax;
  }

  /** Takes room for a row; throws when there is none. */
  public void reserve(int rowBytes) {
    if (rows.incrementAndGet() > rowsMax) {
      rows.decrementAndGet();
      throw new AuditUnavailableException(
          "the audit queue is full: queueRowsMax = " + rowsMax + " rows wait for the disk");
    }
    if (bytes.addAndGet(rowBytes) > bytesMax) {
      long waiting = bytes.addAndGet(-rowBytes);
      rows.decrementAndGet();
      throw new AuditUnavailableException(
          "the audit queue is full: "
              + waiting
              + " bytes wait for the disk and the row has "
              + rowBytes
              + ", queueBytesMax = "
              + bytesMax);
    }
  }

  /** Gives the room of that many rows back. */
  void release(int rowCount, long rowBytes) {
    rows.addAndGet(-rowCount);
    bytes.addAndGet(-rowBytes);
  }

  void add(Pending row) {
    Pending before;
    do {
      before = newest.get();
      row.next = before;
    } while (!newest.compareAndSet(before, row));
  }

  boolean isEmpty() {
    return newest.get() == null;
  }

  /** Takes all rows, the oldest first, linked by {@code next}; null when there are none. */
  @Nullable Pending takeAll() {
    Pending row = newest.getAndSet(null);
    Pending oldest = null;
    while (row != null) {
      Pending before = row.next;
      row.next = oldest;
      oldest = row;
      row = before;
    }
    return oldest;
  }

  public int rows() {
    return rows.get();
  }

  public long bytes() {
    return bytes.get();
  }
}
