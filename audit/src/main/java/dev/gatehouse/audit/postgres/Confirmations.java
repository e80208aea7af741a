package dev.gatehouse.audit.postgres;

import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;

/** The rows of the present stream that wait for the database. Thread-safe; never blocks. */
final class Confirmations {

  /** A row that waits. */
  private static final class Waiting extends CompletableFuture<AuditReceipt> {
    private final AuditReceipt receipt;

    Waiting(AuditReceipt receipt) {
      this.receipt = receipt;
    }
  }

  private final ConcurrentSkipListMap<Long, Waiting> waiting = new ConcurrentSkipListMap<>();
  private volatile long confirmed;
  private volatile boolean over;

  /** Completes when the database has the row. */
  CompletableFuture<AuditReceipt> of(AuditReceipt receipt) {
    Waiting row = new Waiting(receipt);
    waiting.put(receipt.seq(), row);
    if (over) {
      end();
    } else {
      complete(receipt.seq());
    }
    return row;
  }

  /** Nobody waits for that row any more. */
  void forget(AuditReceipt receipt) {
    waiting.remove(receipt.seq());
  }

  int size() {
    return waiting.size();
  }

  /** How many rows of the stream the database confirmed. */
  long confirmed() {
    return confirmed;
  }

  /** The database has that many rows of the stream. */
  void confirm(long rows) {
    confirmed = rows;
    for (Long seq : waiting.keySet()) {
      if (seq >= rows) {
        return;
      }
      complete(seq);
    }
  }

  private void complete(long seq) {
    if (seq < confirmed) {
      Waiting row = waiting.remove(seq);
      if (row != null) {
        row.complete(row.receipt);
      }
    }
  }

  /** Nothing is shipped any more. */
  void end() {
    over = true;
    for (var next = waiting.pollFirstEntry(); next != null; next = waiting.pollFirstEntry()) {
      next.getValue()
          .completeExceptionally(
              new AuditUnavailableException("the gateway closed before the database had the row"));
    }
  }
}
