package dev.gatehouse.audit.index;

import dev.gatehouse.audit.index.RowQuery.Criterion;
import dev.gatehouse.audit.read.RowPlace;
import dev.gatehouse.audit.row.StoredRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One query as SQL: words of ours, values as parameters. Single thread. */
final class IndexSearch {

  private record Order(long ts, long stream, long seq) {}

  private final Connection sql;
  private final RowQuery query;
  private final StringBuilder where = new StringBuilder("1");
  private final List<Object> values = new ArrayList<>();

  IndexSearch(Connection sql, RowQuery query) {
    this.sql = sql;
    this.query = query;
  }

  RowPage run() throws SQLException {
    String provider = query.criteria().get(Criterion.PROVIDER);
    for (Map.Entry<Criterion, String> each : query.criteria().entrySet()) {
      String column =
          each.getKey() == Criterion.PROVIDER
              ? "p.provider"
              : "r." + each.getKey().name().toLowerCase(Locale.ROOT);
      and(column + " = ?", each.getValue());
    }
    // Times, too, are compared where the index in use has them.
    String t = provider == null ? "r" : "p";
    query.since().ifPresent(at -> and(t + ".ts >= ?", StoredRow.micros(at)));
    query.until().ifPresent(at -> and(t + ".ts < ?", StoredRow.micros(at)));
    if (query.before().isPresent()) {
      Optional<Order> before = order(query.before().get());
      if (before.isEmpty()) {
        throw new IllegalArgumentException("no row " + query.before().get() + " in the index");
      }
      Order at = before.get();
      and("(%1$s.ts, %1$s.stream, %1$s.seq) < (?, ?, ?)".formatted(t), at.ts());
      values.add(at.stream());
      values.add(at.seq());
    }
    String from =
        provider == null
            ? "rows r"
            : "providers p JOIN rows r ON r.stream = p.stream AND r.seq = p.seq";
    return page(
        "SELECT s.name, r.seq, r.segment, r.at FROM %2$s JOIN streams s ON s.id = r.stream WHERE"
                .formatted(t, from)
            + " %2$s ORDER BY %1$s.ts DESC, %1$s.stream DESC, %1$s.seq DESC LIMIT %3$d"
                .formatted(t, where, query.limit() + 1));
  }

  private void and(String condition, Object value) {
    where.append(" AND ").append(condition);
    values.add(value);
  }

  private RowPage page(String text) throws SQLException {
    List<RowPlace> places = new ArrayList<>();
    try (PreparedStatement ask = sql.prepareStatement(text)) {
      for (int i = 0; i < values.size(); i++) {
        ask.setObject(i + 1, values.get(i));
      }
      try (ResultSet found = ask.executeQuery()) {
        while (found.next()) {
          places.add(
              new RowPlace(
                  found.getString(1), found.getLong(2), found.getInt(3), found.getLong(4)));
        }
      }
    }
    boolean more = places.size() > query.limit();
    return new RowPage(places.subList(0, Math.min(places.size(), query.limit())).reversed(), more);
  }

  private Optional<Order> order(String row) throws SQLException {
    int slash = row.lastIndexOf('/');
    if (slash < 0 || !row.substring(slash + 1).matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException("a row is named STREAM/NUMBER, not '" + row + "'");
    }
    try (PreparedStatement ask =
        sql.prepareStatement(
            "SELECT r.ts, r.stream, r.seq FROM rows r JOIN streams s ON s.id = r.stream WHERE"
                + " s.name = ? AND r.seq = ?")) {
      ask.setString(1, row.substring(0, slash));
      ask.setLong(2, Long.parseLong(row.substring(slash + 1)));
      try (ResultSet found = ask.executeQuery()) {
        return found.next()
            ? Optional.of(new Order(found.getLong(1), found.getLong(2), found.getLong(3)))
            : Optional.empty();
      }
    }
  }
}
