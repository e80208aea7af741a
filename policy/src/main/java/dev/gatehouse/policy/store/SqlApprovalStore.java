package dev.gatehouse.policy.store;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.sql.PostgresAddress;
import dev.gatehouse.policy.approval.ApprovalStore;
import dev.gatehouse.policy.approval.ApprovalStoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Open questions in one table of a SQL database, each as a JSON document. After any failure the
 * connection is closed, and the next write makes another.
 */
public final class SqlApprovalStore implements ApprovalStore {

  private final ApprovalTable table;
  private Optional<Connection> connection = Optional.empty();

  private SqlApprovalStore(ApprovalTable table) {
    this.table = table;
  }

  /**
   * Opens a SQLite file; makes it when there is none.
   *
   * @throws ApprovalStoreException when it cannot be used
   */
  public static SqlApprovalStore sqlite(Path file) {
    return opened(new SqliteTable(file));
  }

  /**
   * Opens a PostgreSQL database; makes the table when there is none.
   *
   * @param node whose questions these are; no other process of that name has them open
   * @throws ApprovalStoreException when it cannot be used
   */
  public static SqlApprovalStore postgres(PostgresAddress address, String node) {
    return opened(new PostgresTable(address, node));
  }

  private static SqlApprovalStore opened(ApprovalTable table) {
    SqlApprovalStore store = new SqlApprovalStore(table);
    try {
      var _ = store.connected();
      return store;
    } catch (SQLException e) {
      throw store.failed("opened", e);
    }
  }

  private Connection connected() throws SQLException {
    if (connection.isEmpty()) {
      Connection sql = table.connect();
      sql.setAutoCommit(false);
      connection = Optional.of(sql);
    }
    return connection.get();
  }

  @Override
  public List<ApprovalRequest> open() {
    try {
      return questions(connected());
    } catch (SQLException | IllegalArgumentException e) {
      throw failed("read", e);
    }
  }

  private List<ApprovalRequest> questions(Connection sql) throws SQLException {
    try (Statement ask = sql.createStatement();
        ResultSet rows = ask.executeQuery(table.select())) {
      List<ApprovalRequest> open = new ArrayList<>();
      while (rows.next()) {
        open.add(ApprovalJson.read(rows.getString(1)));
      }
      sql.commit();
      return open;
    }
  }

  @Override
  public void write(List<ApprovalRequest> changed) {
    try {
      write(connected(), changed);
    } catch (SQLException e) {
      throw failed("written", e);
    }
  }

  private void write(Connection sql, List<ApprovalRequest> changed) throws SQLException {
    try (PreparedStatement put = sql.prepareStatement(table.put());
        PreparedStatement remove = sql.prepareStatement(table.remove())) {
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
    }
  }

  private ApprovalStoreException failed(String what, Exception cause) {
    try {
      disconnect(); // what was not committed is rolled back with it
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
    return new ApprovalStoreException("the approvals in " + table + " cannot be " + what, cause);
  }

  private void disconnect() throws SQLException {
    Optional<Connection> last = connection;
    connection = Optional.empty();
    if (last.isPresent()) {
      last.get().close();
    }
  }

  @Override
  public void close() {
    try {
      disconnect();
    } catch (SQLException e) {
      throw failed("closed", e);
    }
  }
}
