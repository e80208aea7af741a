package dev.gatehouse.policy.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The table of questions in one kind of database. {@code toString} says where it is, without any
 * secret.
 */
interface ApprovalTable {

  /** A new connection on which the table is there; blocks for a bounded time. */
  Connection connect() throws SQLException;

  /** Puts id, opening time in ms and question, or the question alone where the id is known. */
  String put();

  /** Removes an id. */
  String remove();

  /** All questions, oldest first. */
  String select();

  /** Does that at once. */
  static void run(Connection sql, String statement) throws SQLException {
    try (Statement each = sql.createStatement()) {
      each.execute(statement);
    }
  }
}
