package dev.gatehouse.audit.postgres;

import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;

/** The rows of a lineage that wait for the database. Thread-safe; never blocks. */
final class Confirmations {

  /** A row's place in its lineage. */
  private record Place(long epoch, long seq) implements Comparable<Place> {
    static Place of(AuditReceipt receipt) {
      return new Place(StreamName.parse(receipt.stream()).orElseThrow().epoch(), receipt.seq());
    }

    @Override
    public int compareTo(Place other) {
      int byEpoch = Long.compare(epoch, other.epoch);
      return byEpoch != 0 ? byEpoch : Long.compare(seq, other.seq);
    }
  }

  /** A row that waits. */
  private static final class Waiting extends CompletableFuture<AuditReceipt> {
    private final AuditReceipt receipt;

    Waiting(AuditReceipt receipt) {
      this.receipt = receipt;
    }
  }

  private final ConcurrentSkipListMap<Place, Waiting> waiting = new ConcurrentSkipListMap<>();
  private volatile Place confirmed = new Place(0, 0);
  private volatile boolean over;

  /** Completes when the database has the row. */
  CompletableFuture<AuditReceipt> of(AuditReceipt receipt) {
    Waiting row = new Waiting(receipt);
    Place place = Place.of(receipt);
    waiting.put(place, row);
    if (over) {
      end();
    } else {
      complete(place);
    }
    return row;
  }

  /** Nobody waits for that row any more. */
  void forget(AuditReceipt receipt) {
    waiting.remove(Place.of(receipt));
  }

  int size() {
    return waiting.size();
  }

  /** How many rows of the stream the database confirmed, as far as it is the one at hand. */
  long confirmed(StreamName stream) {
    Place to = confirmed;
    return to.epoch() == stream.epoch() ? to.seq() : 0;
  }

  /** The database has that many rows of the stream, and all those before it. */
  void confirm(StreamName stream, long rows) {
    confirmed = new Place(stream.epoch(), rows);
    for (Place each : waiting.keySet()) {
      if (each.compareTo(confirmed) >= 0) {
        return;
      }
      complete(each);
    }
  }

  private void complete(Place place) {
    if (place.compareTo(confirmed) < 0) {
      Waiting row = waiting.remove(place);
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
