package dev.gatehouse.gateway.config;

import dev.gatehouse.audit.postgres.Durability;
import dev.gatehouse.audit.postgres.PostgresPlace;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads {@code audit_copy}. It stands beside {@code audit}, so that whoever reads the record needs
 * none of its secrets.
 */
final class AuditCopyReader {

  private final Building building;

  AuditCopyReader(Building building) {
    this.building = building;
  }

  Optional<PostgresPlace> read(Section root) {
    Section postgres = root.section("audit_copy").section("postgres");
    return postgres.has("url")
        ? building.attempt(postgres, () -> place(postgres))
        : Optional.empty();
  }

  private static PostgresPlace place(Section postgres) {
    PostgresPlace fallback =
        PostgresPlace.of(
            URI.create(postgres.text("url", "")),
            postgres.text("user", ""),
            postgres.optional("password"));
    return new PostgresPlace(
        fallback.url(),
        fallback.user(),
        fallback.password(),
        postgres.flag("allow_plaintext", fallback.allowPlaintext()),
        postgres
            .optional("durability")
            .map(name -> Durability.valueOf(name.toUpperCase(Locale.ROOT)))
            .orElse(fallback.durability()),
        postgres.integer("batch_rows_max", fallback.batchRowsMax()),
        postgres.duration("ack_timeout", fallback.ackTimeout()),
        postgres.duration("late_after", fallback.lateAfter()),
        postgres.duration("timeout", fallback.timeout()),
        postgres.integer("waiting_rows_max", fallback.waitingRowsMax()));
  }
}
