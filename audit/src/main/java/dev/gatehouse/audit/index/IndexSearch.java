package dev.gatehouse.audit.index;

import dev.gatehouse.audit.read.RowBlock;
import dev.gatehouse.audit.read.RowFile;
import dev.gatehouse.audit.read.RowPlace;
import dev.gatehouse.audit.row.StoredRow;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * One query: the blocks that hold all of its words, the newest first, and of their rows those that
 * meet it. Ends when no block left can hold a row newer than those found. Single thread.
 */
final class IndexSearch {

  /** Places among equal times follow the order of streams and rows. */
  private record Hit(long ts, long stream, RowPlace place) implements Comparable<Hit> {

    private static final Comparator<Hit> ORDER =
        Comparator.comparingLong(Hit::ts)
            .thenComparingLong(Hit::stream)
            .thenComparingLong(hit -> hit.place().seq());

    @Override
    public int compareTo(Hit other) {
      return ORDER.compare(this, other);
    }
  }

  private static final String BLOCK =
      "SELECT s.id, s.name, b.seq, b.segment, b.at, b.rows, b.bytes";

  private final Connection sql;
  private final RowFile rowFile;
  private final RowQuery query;
  private final List<Word> words;
  private final RowMatch match;
  private final long since;
  private final long until;
  private final PriorityQueue<Hit> newest = new PriorityQueue<>();

  IndexSearch(Connection sql, RowFile rowFile, RowQuery query) {
    this.sql = sql;
    this.rowFile = rowFile;
    this.query = query;
    this.words =
        query.criteria().entrySet().stream()
            .map(each -> Word.of(each.getKey(), each.getValue()))
            .toList();
    this.match = new RowMatch(words);
    this.since = query.since().map(StoredRow::micros).orElse(Long.MIN_VALUE);
    this.until = query.until().map(StoredRow::micros).orElse(Long.MAX_VALUE);
  }

  /**
   * Runs it.
   *
   * @throws StaleIndexException when rows are not where the index says
   * @throws IllegalArgumentException when the query names a row that is not there
   */
  RowPage run() throws IOException, SQLException {
    Optional<Hit> before = Optional.empty();
    if (query.before().isPresent()) {
      before = Optional.of(named(query.before().get()));
    }
    long end = before.isPresent() ? Math.min(until, before.get().ts() + 1) : until;
    try (PreparedStatement ask = sql.prepareStatement(candidates())) {
      int at = 1;
      for (Word word : words) {
        ask.setLong(at++, word.number() >>> Word.FREE_BITS);
      }
      ask.setLong(at++, since);
      ask.setLong(at, end);
      try (ResultSet found = ask.executeQuery()) {
        while (found.next() && mayHoldNewer(found.getLong("ts_last"))) {
          read(found, before);
        }
      }
    }
    List<RowPlace> places = new ArrayList<>();
    newest.stream().sorted().forEach(hit -> places.add(hit.place()));
    boolean more = places.size() > query.limit();
    return new RowPage(more ? places.subList(1, places.size()) : places, more);
  }

  private String candidates() {
    StringBuilder text = new StringBuilder(BLOCK).append(", b.ts_last FROM blocks b");
    for (int i = 0; i < words.size(); i++) {
      text.append(" JOIN postings p%1$d ON p%1$d.word = ? AND p%1$d.block = b.id".formatted(i));
    }
    return text.append(" JOIN streams s ON s.id = b.stream")
        .append(" WHERE b.ts_last >= ? AND b.ts_first < ? ORDER BY b.ts_last DESC")
        .toString();
  }

  private boolean mayHoldNewer(long tsLast) {
    return newest.size() <= query.limit() || newest.element().ts() <= tsLast;
  }

  private void read(ResultSet found, Optional<Hit> before) throws IOException, SQLException {
    long stream = found.getLong(1);
    RowPlace first = first(found);
    Optional<RowBlock> block = rowFile.block(first, found.getInt(7));
    if (block.isEmpty()) {
      return; // what is gone is for the verifier to judge
    }
    RowBlock rows = block.get();
    for (int left = found.getInt(6); left > 0; left--) {
      if (!rows.next()) {
        throw new StaleIndexException(
            new RowPlace(first.stream(), rows.seq() + 1, first.segment(), first.offsetBytes()));
      }
      long ts = rows.tsMicros();
      if (since <= ts && ts < until && match.test(rows)) {
        offer(new Hit(ts, stream, rows.place()), before);
      }
    }
  }

  private void offer(Hit hit, Optional<Hit> before) {
    if (before.isPresent() && hit.compareTo(before.get()) >= 0) {
      return;
    }
    newest.add(hit);
    if (newest.size() > query.limit() + 1) {
      newest.remove();
    }
  }

  private static RowPlace first(ResultSet found) throws SQLException {
    return new RowPlace(found.getString(2), found.getLong(3), found.getInt(4), found.getLong(5));
  }

  private Hit named(String row) throws IOException, SQLException {
    int slash = row.lastIndexOf('/');
    if (slash < 0 || !row.substring(slash + 1).matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException("a row is named STREAM/NUMBER, not '" + row + "'");
    }
    long seq = Long.parseLong(row.substring(slash + 1));
    try (PreparedStatement ask =
        sql.prepareStatement(
            BLOCK
                + " FROM blocks b JOIN streams s ON s.id = b.stream WHERE s.name = ? AND b.seq <= ?"
                + " ORDER BY b.seq DESC LIMIT 1")) {
      ask.setString(1, row.substring(0, slash));
      ask.setLong(2, seq);
      try (ResultSet found = ask.executeQuery()) {
        if (found.next()) {
          Optional<RowBlock> block = rowFile.block(first(found), found.getInt(7));
          while (block.isPresent() && block.get().next()) {
            if (block.get().seq() == seq) {
              return new Hit(block.get().tsMicros(), found.getLong(1), block.get().place());
            }
          }
        }
      }
    }
    throw new IllegalArgumentException("no row " + row + " in the index");
  }
}
