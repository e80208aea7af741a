package dev.gatehouse.audit.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The table that rows are inserted into, over one connection whose role was looked at. After any
 * exception it is closed, not used again. Single thread; blocks for a bounded time.
 */
final class PostgresTable implements AutoCloseable {

  /** SQLSTATE of the table's own refusal: another row has that number. */
  static final String ANOTHER_ROW = "GH409";

  private static final String INSERT =
      "INSERT INTO gatehouse.audit_rows (stream, seq, at, link, payload_hash, body)"
          + " VALUES (?, ?, ?, ?, ?, ?)";

  /** What the role may do that a writer of this table must not be able to. */
  private static final String RIGHTS =
      """
      SELECT has_table_privilege(c.oid, 'INSERT'),
             has_any_column_privilege(c.oid, 'UPDATE'),
             has_table_privilege(c.oid, 'DELETE'),
             has_table_privilege(c.oid, 'TRUNCATE'),
             pg_has_role(c.relowner, 'MEMBER'),
             EXISTS (SELECT FROM pg_catalog.pg_trigger t
                     WHERE t.tgrelid = c.oid AND t.tgname = 'audit_rows_once'
                       AND t.tgenabled IN ('O', 'A')),
             current_setting('synchronous_commit')
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'gatehouse' AND c.relname = 'audit_rows'
      """;

  private final Connection connection;
  private final PreparedStatement insert;

  private PostgresTable(Connection connection) throws SQLException {
    this.connection = connection;
    this.insert = connection.prepareStatement(INSERT);
  }

  /**
   * Connects.
   *
   * @throws SQLException when the server does not answer, the table is not there, or the role may
   *     do more than insert
   */
  static PostgresTable connect(PostgresPlace place) throws SQLException {
    Connection connection = place.address().connect("gatehouse-audit");
    try {
      requireRights(connection, place.user());
      connection.setAutoCommit(false);
      return new PostgresTable(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void requireRights(Connection connection, String role) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rights = statement.executeQuery(RIGHTS)) {
      if (!rights.next()) {
        throw new SQLException("there is no table gatehouse.audit_rows; run schema.sql");
      }
      if (!rights.getBoolean(1)) {
        throw new SQLException("role " + role + " may not insert into gatehouse.audit_rows");
      }
      List<String> tooMuch = new ArrayList<>();
      String[] names = {"UPDATE", "DELETE", "TRUNCATE", "whatever its owner may"};
      for (int i = 0; i < names.length; i++) {
        if (rights.getBoolean(i + 2)) {
          tooMuch.add(names[i]);
        }
      }
      if (!tooMuch.isEmpty()) {
        throw new SQLException(
            "role "
                + role
                + " may do more than insert ("
                + String.join(", ", tooMuch)
                + "), so nothing is shipped; give it gatehouse_audit_writer alone");
      }
      if (!rights.getBoolean(6)) {
        throw new SQLException("the trigger audit_rows_once is missing or off; run schema.sql");
      }
      if ("off".equals(rights.getString(7))) {
        statement.execute("SET synchronous_commit = on");
      }
    }
  }

  /** Inserts rows in one transaction; done when it returns, unknown when it throws. */
  void insert(List<CopiedRow> rows) throws SQLException {
    HexFormat hex = HexFormat.of();
    for (CopiedRow row : rows) {
      insert.setString(1, row.stream());
      insert.setLong(2, row.seq());
      insert.setObject(3, at(row.tsMicros()));
      insert.setBytes(4, hex.parseHex(row.link()));
      insert.setBytes(5, hex.parseHex(row.payloadHash()));
      insert.setString(6, row.body());
      insert.addBatch();
    }
    insert.executeBatch();
    connection.commit();
  }

  private static OffsetDateTime at(long tsMicros) {
    return Instant.EPOCH.plus(tsMicros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
