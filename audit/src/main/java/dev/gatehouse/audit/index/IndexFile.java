package dev.gatehouse.audit.index;

import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.read.RowPlace;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The SQLite file: blocks of rows that lie one behind the other, and for each word the blocks that
 * hold it. Single thread; several processes may write in turns.
 */
final class IndexFile implements AutoCloseable {

  /**
   * How far a lineage is indexed.
   *
   * @param last the last row taken
   * @param link its link, by which it is known again
   */
  record Cursor(RowPlace last, String link) {}

  private static final int VERSION = 2;
  private static final Duration LOCK_WAIT = Duration.ofSeconds(20);

  /** Pages written before SQLite syncs and moves them into the file: 16 MiB. */
  private static final int PAGES_UNMOVED_MAX = 4_096;

  private static final int CACHE_KIBIBYTES = 16_384;
  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE streams(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
          "CREATE TABLE cursors(lineage TEXT PRIMARY KEY, stream TEXT NOT NULL, seq INTEGER NOT"
              + " NULL, segment INTEGER NOT NULL, at INTEGER NOT NULL, link TEXT NOT NULL)",
          "CREATE TABLE blocks(id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, seq INTEGER NOT"
              + " NULL, segment INTEGER NOT NULL, at INTEGER NOT NULL, rows INTEGER NOT NULL,"
              + " bytes INTEGER NOT NULL, ts_first INTEGER NOT NULL, ts_last INTEGER NOT NULL)",
          "CREATE TABLE postings(word INTEGER, block INTEGER, PRIMARY KEY(word, block)) WITHOUT"
              + " ROWID",
          "CREATE INDEX by_time ON blocks(ts_last)",
          "CREATE INDEX by_row ON blocks(stream, seq)",
          "PRAGMA user_version = " + VERSION);

  private final Connection sql;
  private final Map<String, Long> streams = new HashMap<>();
  private final PreparedStatement insertBlock;
  private final PreparedStatement insertPosting;
  private final Postings postings = new Postings();
  private final RowMembers members = new RowMembers(postings);
  private final List<Block> blocks = new ArrayList<>();
  private @Nullable Block open;

  private IndexFile(Connection sql) throws SQLException {
    this.sql = sql;
    this.insertBlock = sql.prepareStatement("INSERT INTO blocks VALUES (?,?,?,?,?,?,?,?,?)");
    this.insertPosting = sql.prepareStatement("INSERT OR IGNORE INTO postings VALUES (?,?)");
  }

  /** Opens the file; makes its tables when it has none, or those of another version. */
  static IndexFile open(Path file) throws SQLException {
    Connection sql = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
    try {
      run(sql, "PRAGMA busy_timeout = " + LOCK_WAIT.toMillis());
      run(sql, "PRAGMA journal_mode = WAL");
      // After a loss of power the last transactions may be gone, and nothing is damaged: the cursor
      // says where to go on.
      run(sql, "PRAGMA synchronous = NORMAL");
      run(sql, "PRAGMA wal_autocheckpoint = " + PAGES_UNMOVED_MAX);
      run(sql, "PRAGMA cache_size = -" + CACHE_KIBIBYTES);
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
    for (String table : List.of("streams", "cursors", "rows", "providers", "blocks", "postings")) {
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
    forget();
  }

  /** Forgets what was added and not flushed. */
  private void forget() {
    blocks.clear();
    open = null;
    postings.clear();
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
    forget();
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

  /** Whether the transaction has as many blocks as it may, so that another row may not fit. */
  boolean full() {
    return blocks.size() == Postings.BLOCKS_MAX;
  }

  /**
   * Adds a row to those that {@link #flush} writes.
   *
   * @throws IllegalArgumentException when its text is no JSON object
   */
  void add(RowPlace place, WalkedRow row) throws SQLException {
    long ts = row.tsMicros();
    int bytes = Frame.HEADER_BYTES + row.textBytes();
    if (open == null || !open.take(place, ts, bytes)) {
      open = new Block(stream(place.stream()), place, ts, bytes);
      postings.block(blocks.size());
      blocks.add(open);
    }
    members.scan(row.buffer(), row.textAt(), row.textBytes());
  }

  void flush() throws SQLException {
    long first = nextBlock();
    for (int i = 0; i < blocks.size(); i++) {
      blocks.get(i).put(insertBlock, first + i);
      insertBlock.addBatch();
    }
    insertBlock.executeBatch();
    postings.drain(
        (word, block) -> {
          insertPosting.setLong(1, word);
          insertPosting.setLong(2, first + block);
          insertPosting.addBatch();
        });
    insertPosting.executeBatch();
    forget();
  }

  private long nextBlock() throws SQLException {
    try (Statement ask = sql.createStatement();
        ResultSet found = ask.executeQuery("SELECT COALESCE(MAX(id), 0) + 1 FROM blocks")) {
      found.next();
      return found.getLong(1);
    }
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
