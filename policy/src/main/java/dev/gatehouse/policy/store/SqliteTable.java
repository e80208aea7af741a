package dev.gatehouse.policy.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The table in a SQLite file. Only the owner of the process can read it, since questions hold the
 * complete arguments of calls.
 */
record SqliteTable(Path file) implements ApprovalTable {

  private static final Duration LOCK_WAIT = Duration.ofSeconds(20);
  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS approvals(id VARCHAR(64) PRIMARY KEY, opened_at BIGINT NOT NULL,"
          + " question TEXT NOT NULL)";

  @Override
  public Connection connect() throws SQLException {
    try {
      ownFile(file);
    } catch (IOException e) {
      throw new SQLException("it cannot be made", e);
    }
    Connection sql = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
    try {
      ApprovalTable.run(sql, "PRAGMA busy_timeout = " + LOCK_WAIT.toMillis());
      ApprovalTable.run(sql, "PRAGMA journal_mode = WAL");
      ApprovalTable.run(sql, "PRAGMA synchronous = FULL"); // a used approval must not come back
      ApprovalTable.run(sql, "PRAGMA secure_delete = ON");
      ApprovalTable.run(sql, TABLE);
      return sql;
    } catch (SQLException e) {
      sql.close();
      throw e;
    }
  }

  private static void ownFile(Path file) throws IOException {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      return; // as it was made
    }
  }

  @Override
  public String put() {
    return "INSERT INTO approvals(id, opened_at, question) VALUES (?,?,?)"
        + " ON CONFLICT(id) DO UPDATE SET question = excluded.question";
  }

  @Override
  public String remove() {
    return "DELETE FROM approvals WHERE id = ?";
  }

  @Override
  public String select() {
    return "SELECT question FROM approvals ORDER BY opened_at, id";
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
