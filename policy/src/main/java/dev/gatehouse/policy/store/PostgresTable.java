package dev.gatehouse.policy.store;

import dev.gatehouse.core.sql.PostgresAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * The table in a PostgreSQL database, which many gateways may use: each sees the questions of its
 * own node. Whoever connects holds a lock on the node's name for as long as the connection lives,
 * so that no two processes of one name use the same approval.
 *
 * @param node the name of this process
 */
record PostgresTable(PostgresAddress address, String node) implements ApprovalTable {

  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS gatehouse_approvals(
        node TEXT NOT NULL, id TEXT NOT NULL, opened_at BIGINT NOT NULL, question TEXT NOT NULL,
        PRIMARY KEY (node, id))
      """;

  /**
   * A used approval must not come back, though the role's own setting may be otherwise. A process
   * that ended may hold its lock a moment longer; of a machine that is gone the server knows within
   * half a minute.
   */
  private static final List<String> SETTINGS =
      List.of(
          "synchronous_commit = on",
          "lock_timeout = '2s'",
          "tcp_keepalives_idle = 10",
          "tcp_keepalives_interval = 5",
          "tcp_keepalives_count = 3");

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** Set once a connection; the statements are the same for every node then. */
  private static final String NODE = "current_setting('gatehouse.node')";

  @Override
  public Connection connect() throws SQLException {
    Connection sql = address.connect("gatehouse-approvals");
    try {
      for (String setting : SETTINGS) {
        ApprovalTable.run(sql, "SET " + setting);
      }
      ask(sql, "SELECT set_config('gatehouse.node', ?, false)", node);
      lock(sql);
      ApprovalTable.run(sql, TABLE);
      return sql;
    } catch (SQLException e) {
      sql.close();
      throw e;
    }
  }

  private void lock(Connection sql) throws SQLException {
    try {
      ask(sql, "SELECT pg_advisory_lock(hashtextextended('gatehouse:' || ?, 0))", node);
    } catch (SQLException e) {
      throw LOCK_NOT_AVAILABLE.equals(e.getSQLState())
          ? new SQLException("another gateway named " + node + " keeps its approvals there", e)
          : e;
    }
  }

  private static void ask(Connection sql, String question, String parameter) throws SQLException {
    try (PreparedStatement ask = sql.prepareStatement(question)) {
      ask.setString(1, parameter);
      ask.execute();
    }
  }

  @Override
  public String put() {
    return "INSERT INTO gatehouse_approvals(node, id, opened_at, question) VALUES ("
        + NODE
        + ",?,?,?) ON CONFLICT(node, id) DO UPDATE SET question = excluded.question";
  }

  @Override
  public String remove() {
    return "DELETE FROM gatehouse_approvals WHERE node = " + NODE + " AND id = ?";
  }

  @Override
  public String select() {
    return "SELECT question FROM gatehouse_approvals WHERE node = "
        + NODE
        + " ORDER BY opened_at, id";
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
