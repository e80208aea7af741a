package dev.gatehouse.policy.store;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.policy.approval.ApprovalStore;
import dev.gatehouse.policy.approval.ApprovalStoreException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Open questions in one table of a SQL database, each as a JSON document. Only the owner of the
 * process can read the file, since questions hold the complete arguments of calls.
 */
public final class SqlApprovalStore implements ApprovalStore {

  private static final Duration LOCK_WAIT = Duration.ofSeconds(20);
  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS approvals(id VARCHAR(64) PRIMARY KEY, opened_at BIGINT NOT NULL,"
          + " question TEXT NOT NULL)";
  private static final String PUT =
      "INSERT INTO approvals(id, opened_at, question) VALUES (?,?,?)"
          + " ON CONFLICT(id) DO UPDATE SET question = excluded.question";

  private final Connection sql;
  private final String place;

  private SqlApprovalStore(Connection sql, String place) {
    this.sql = sql;
    this.place = place;
  }

  /**
   * Opens a SQLite file; makes it when there is none.
   *
   * @throws ApprovalStoreException when it cannot be used
   */
  public static SqlApprovalStore sqlite(Path file) {
    try {
      ownFile(file);
      Connection sql = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
      run(sql, "PRAGMA busy_timeout = " + LOCK_WAIT.toMillis());
      run(sql, "PRAGMA journal_mode = WAL");
      run(sql, "PRAGMA synchronous = FULL"); // a used approval must not come back
      run(sql, "PRAGMA secure_delete = ON");
      return over(sql, file.toString());
    } catch (IOException | SQLException e) {
      throw new ApprovalStoreException("the approvals in " + file + " cannot be opened", e);
    }
  }

  private static SqlApprovalStore over(Connection sql, String place) throws SQLException {
    try {
      run(sql, TABLE);
      sql.setAutoCommit(false);
      return new SqlApprovalStore(sql, place);
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

  private static void run(Connection sql, String statement) throws SQLException {
    try (Statement each = sql.createStatement()) {
      each.execute(statement);
    }
  }

  @Override
  public List<ApprovalRequest> open() {
    try (Statement ask = sql.createStatement();
        ResultSet rows =
            ask.executeQuery("SELECT question FROM approvals ORDER BY opened_at, id")) {
      List<ApprovalRequest> open = new ArrayList<>();
      while (rows.next()) {
        open.add(ApprovalJson.read(rows.getString(1)));
      }
      sql.commit();
      return open;
    } catch (SQLException | IllegalArgumentException e) {
      throw new ApprovalStoreException("the approvals in " + place + " cannot be read", e);
    }
  }

  @Override
  public void write(List<ApprovalRequest> changed) {
    try (PreparedStatement put = sql.prepareStatement(PUT);
        PreparedStatement remove = sql.prepareStatement("DELETE FROM approvals WHERE id = ?")) {
      for (ApprovalRequest request : changed) {
        if (request.state().isFinal()) {
          remove.setString(1, request.id().value());
          remove.executeUpdate();
        } else {
          put.setString(1, request.id().value());
          put.setLong(2, request.openedAt().toEpochMilli());
          put.setString(3, ApprovalJson.write(request));
          put.executeUpdate();
        }
      }
      sql.commit();
    } catch (SQLException e) {
      rollback();
      throw new ApprovalStoreException("the approvals in " + place + " cannot be written", e);
    }
  }

  private void rollback() {
    try {
      sql.rollback();
    } catch (SQLException e) {
      // The failure that led here is the one to report.
    }
  }

  @Override
  public void close() {
    try {
      sql.close();
    } catch (SQLException e) {
      throw new ApprovalStoreException("the approvals in " + place + " cannot be closed", e);
    }
  }
}
