package dev.gatehouse.audit.index;

import dev.gatehouse.audit.read.RowPlace;
import dev.gatehouse.audit.row.StoredRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The SQLite file. Rows are named by a stream's number and their own; places among equal times
 * follow the order of streams and rows. Single thread; several processes may write in turns.
 */
final class IndexFile implements AutoCloseable {

  /**
   * How far a lineage is indexed.
   *
   * @param last the last row taken
   * @param link its link, by which it is known again
   */
  record Cursor(RowPlace last, String link) {}

  private static final int VERSION = 1;
  private static final Duration LOCK_WAIT = Duration.ofSeconds(20);
  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE streams(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
          "CREATE TABLE cursors(lineage TEXT PRIMARY KEY, stream TEXT NOT NULL, seq INTEGER NOT"
              + " NULL, segment INTEGER NOT NULL, at INTEGER NOT NULL, link TEXT NOT NULL)",
          "CREATE TABLE rows(stream INTEGER, seq INTEGER, segment INTEGER NOT NULL, at INTEGER NOT"
              + " NULL, ts INTEGER NOT NULL, agent TEXT, session TEXT, tool TEXT, verdict TEXT,"
              + " outcome TEXT, PRIMARY KEY(stream, seq)) WITHOUT ROWID",
          "CREATE TABLE providers(provider TEXT, ts INTEGER, stream INTEGER, seq INTEGER, PRIMARY"
              + " KEY(provider, ts, stream, seq)) WITHOUT ROWID",
          "CREATE INDEX by_time ON rows(ts)",
          "CREATE INDEX by_agent ON rows(agent, ts)",
          "CREATE INDEX by_session ON rows(session, ts) WHERE session IS NOT NULL",
          "CREATE INDEX by_tool ON rows(tool, ts) WHERE tool IS NOT NULL",
          "CREATE INDEX by_verdict ON rows(verdict, ts)",
          "CREATE INDEX by_outcome ON rows(outcome, ts) WHERE outcome IS NOT NULL",
          "PRAGMA user_version = " + VERSION);

  private final Connection sql;
  private final Map<String, Long> streams = new HashMap<>();
  private final PreparedStatement insertRow;
  private final PreparedStatement insertProvider;

  private IndexFile(Connection sql) throws SQLException {
    this.sql = sql;
    this.insertRow = sql.prepareStatement("INSERT INTO rows VALUES (?,?,?,?,?,?,?,?,?,?)");
    this.insertProvider = sql.prepareStatement("INSERT INTO providers VALUES (?,?,?,?)");
  }

  /** Opens the file; makes its tables when it has none, or those of another version. */
  static IndexFile open(Path file) throws SQLException {
    Connection sql = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
    try {
      run(sql, "PRAGMA busy_timeout = " + LOCK_WAIT.toMillis());
      run(sql, "PRAGMA journal_mode = WAL");
      run(sql, "PRAGMA synchronous = NORMAL");
      sql.setAutoCommit(true);
      run(sql, "BEGIN IMMEDIATE");
      if (version(sql) != VERSION) {
        clear(sql);
      }
      run(sql, "COMMIT");
      return new IndexFile(sql);
    } catch (SQLException e) {
      sql.close();
      throw e;
    }
  }

  /** Removes the file and what SQLite keeps beside it. */
  static void delete(Path file) throws IOException {
    for (String suffix : List.of("-wal", "-shm", "")) {
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
    }
  }

  private static int version(Connection sql) throws SQLException {
    try (Statement ask = sql.createStatement();
        ResultSet found = ask.executeQuery("PRAGMA user_version")) {
      return found.next() ? found.getInt(1) : 0;
    }
  }

  private static void clear(Connection sql) throws SQLException {
    for (String table : List.of("streams", "cursors", "rows", "providers")) {
      run(sql, "DROP TABLE IF EXISTS " + table);
    }
    for (String statement : SCHEMA) {
      run(sql, statement);
    }
  }

  private static void run(Connection sql, String statement) throws SQLException {
    try (Statement each = sql.createStatement()) {
      each.execute(statement);
    }
  }

  void begin() throws SQLException {
    run(sql, "BEGIN IMMEDIATE");
    streams.clear(); // another process may have cleared the tables
  }

  void commit() throws SQLException {
    run(sql, "COMMIT");
  }

  void rollback() throws SQLException {
    run(sql, "ROLLBACK");
  }

  /** Forgets all rows; within a transaction. */
  void clear() throws SQLException {
    clear(sql);
    streams.clear();
  }

  Map<String, Cursor> cursors() throws SQLException {
    Map<String, Cursor> cursors = new HashMap<>();
    try (Statement ask = sql.createStatement();
        ResultSet found =
            ask.executeQuery("SELECT lineage, stream, seq, segment, at, link FROM cursors")) {
      while (found.next()) {
        RowPlace last =
            new RowPlace(found.getString(2), found.getLong(3), found.getInt(4), found.getLong(5));
        cursors.put(found.getString(1), new Cursor(last, found.getString(6)));
      }
    }
    return cursors;
  }

  void put(String lineage, Cursor cursor) throws SQLException {
    try (PreparedStatement put =
        sql.prepareStatement("INSERT OR REPLACE INTO cursors VALUES (?,?,?,?,?,?)")) {
      put.setString(1, lineage);
      put.setString(2, cursor.last().stream());
      put.setLong(3, cursor.last().seq());
      put.setInt(4, cursor.last().segment());
      put.setLong(5, cursor.last().offsetBytes());
      put.setString(6, cursor.link());
      put.executeUpdate();
    }
  }

  /** Adds a row to those that {@link #flush} writes. */
  void add(RowPlace place, StoredRow stored) throws IOException, SQLException {
    IndexedRow row = IndexedRow.of(stored.json());
    long stream = stream(place.stream());
    long ts = stored.tsMicros();
    insertRow.setLong(1, stream);
    insertRow.setLong(2, place.seq());
    insertRow.setInt(3, place.segment());
    insertRow.setLong(4, place.offsetBytes());
    insertRow.setLong(5, ts);
    insertRow.setString(6, row.text("agent"));
    insertRow.setString(7, row.text("session"));
    insertRow.setString(8, row.text("tool"));
    insertRow.setString(9, row.verdict());
    insertRow.setString(10, row.text("outcome"));
    insertRow.addBatch();
    for (String provider : row.providers()) {
      insertProvider.setString(1, provider);
      insertProvider.setLong(2, ts);
      insertProvider.setLong(3, stream);
      insertProvider.setLong(4, place.seq());
      insertProvider.addBatch();
    }
  }

  void flush() throws SQLException {
    insertRow.executeBatch();
    insertProvider.executeBatch();
  }

  private long stream(String name) throws SQLException {
    Long known = streams.get(name);
    if (known != null) {
      return known;
    }
    try (PreparedStatement put =
            sql.prepareStatement("INSERT OR IGNORE INTO streams(name) VALUES (?)");
        PreparedStatement ask = sql.prepareStatement("SELECT id FROM streams WHERE name = ?")) {
      put.setString(1, name);
      put.executeUpdate();
      ask.setString(1, name);
      try (ResultSet found = ask.executeQuery()) {
        found.next();
        streams.put(name, found.getLong(1));
        return found.getLong(1);
      }
    }
  }

  Connection sql() {
    return sql;
  }

  @Override
  public void close() throws SQLException {
    sql.close();
  }
}
