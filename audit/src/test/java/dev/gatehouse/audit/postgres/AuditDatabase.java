package dev.gatehouse.audit.postgres;

import dev.gatehouse.testkit.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A database with the table of {@code schema.sql}, and a role that may insert into it only. */
final class AuditDatabase {

  private AuditDatabase() {}

  /** Makes one on that server; its name, which the role has too. */
  static String on(PostgresServer server) throws SQLException, IOException {
    String name = PostgresServer.newName();
    server.execute("postgres", "CREATE DATABASE " + name);
    try (var schema = PostgresShipper.class.getResourceAsStream("schema.sql")) {
      String sql = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
      // Roles belong to the server, not to the database.
      boolean first =
          server
              .query(name, "SELECT count(*) FROM pg_roles WHERE rolname ~ '^gatehouse_'")
              .equals(List.of("0"));
      server.execute(name, first ? sql : sql.replaceAll("CREATE ROLE [^;]*;", ""));
    }
    server.execute(name, "CREATE ROLE " + name + " LOGIN IN ROLE gatehouse_audit_writer");
    return name;
  }

  /** Its place, at that port. */
  static PostgresPlace place(String database, int port) {
    return PostgresPlace.of(
        URI.create("postgresql://127.0.0.1:" + port + "/" + database), database, Optional.empty());
  }

  /** The same for whose confirmation calls wait, so long. */
  static PostgresPlace waiting(PostgresPlace place, Duration ackTimeout) {
    return new PostgresPlace(
        place.url(),
        place.user(),
        place.password(),
        false,
        Durability.BOTH,
        PostgresPlace.BATCH_ROWS_MAX,
        ackTimeout,
        PostgresPlace.LATE_AFTER,
        Duration.ofSeconds(1),
        PostgresPlace.WAITING_ROWS_MAX);
  }
}
