package dev.gatehouse.audit.index;

import dev.gatehouse.audit.read.RowPlace;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Rows that lie one behind the other in a segment, as they are being taken in. Single thread. */
final class Block {

  /** Most rows: a query reads blocks whole. */
  static final int ROWS_MAX = 512;

  /** A block that has so many bytes takes no further row. */
  static final int BYTES_FULL = 1 << 20;

  private final long stream;
  private final RowPlace first;
  private final long tsFirst;
  private long tsLast;
  private int rows = 1;
  private int bytes;

  Block(long stream, RowPlace first, long ts, int bytes) {
    this.stream = stream;
    this.first = first;
    this.tsFirst = ts;
    this.tsLast = ts;
    this.bytes = bytes;
  }

  /** Takes the row if it is the next one and there is room. */
  boolean take(RowPlace place, long ts, int rowBytes) {
    boolean next =
        place.segment() == first.segment()
            && place.offsetBytes() == first.offsetBytes() + bytes
            && place.seq() == first.seq() + rows
            && place.stream().equals(first.stream());
    if (!next || rows == ROWS_MAX || bytes >= BYTES_FULL) {
      return false;
    }
    rows++;
    bytes += rowBytes;
    tsLast = ts;
    return true;
  }

  void put(PreparedStatement insert, long id) throws SQLException {
    insert.setLong(1, id);
    insert.setLong(2, stream);
    insert.setLong(3, first.seq());
    insert.setInt(4, first.segment());
    insert.setLong(5, first.offsetBytes());
    insert.setInt(6, rows);
    insert.setInt(7, bytes);
    insert.setLong(8, tsFirst);
    insert.setLong(9, tsLast);
  }
}
