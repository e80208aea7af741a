package dev.gatehouse.gateway;

import dev.gatehouse.audit.AuditState;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.postgres.ConfirmedAuditLog;
import dev.gatehouse.audit.postgres.DurableRows;
import dev.gatehouse.audit.postgres.PostgresPlace;
import dev.gatehouse.audit.postgres.PostgresShipper;
import dev.gatehouse.audit.postgres.ShipperState;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.gateway.config.GatewayConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The copy of the record in a database, if there is one, and what calls wait for because of it. */
final class AuditCopy implements AutoCloseable {

  private final List<PostgresShipper> shippers;
  private final AuditLog acknowledged;

  private AuditCopy(List<PostgresShipper> shippers, AuditLog acknowledged) {
    this.shippers = List.copyOf(shippers);
    this.acknowledged = acknowledged;
  }

  /** Begins to copy; closes the log when that is impossible. */
  static AuditCopy start(GatewayConfig config, SegmentAuditLog audit) throws IOException {
    if (config.auditCopy().isEmpty()) {
      return new AuditCopy(List.of(), audit);
    }
    PostgresPlace place = config.auditCopy().get();
    List<PostgresShipper> shippers = new ArrayList<>();
    try {
      for (int i = 0; i < audit.streams().size(); i++) {
        int number = i;
        shippers.add(
            PostgresShipper.start(
                place,
                config.audit().dir(),
                () -> durable(audit.states().get(number)),
                config.audit().clock()));
      }
      return new AuditCopy(
          shippers,
          place.durability().waitsForDatabase() ? new ConfirmedAuditLog(audit, shippers) : audit);
    } catch (IOException e) {
      audit.close();
      shippers.forEach(PostgresShipper::close);
      throw e;
    }
  }

  private static DurableRows durable(AuditState state) {
    return new DurableRows(StreamName.parse(state.stream()).orElseThrow(), state.rows());
  }

  /** The log whose receipts say as much as the config asks for. */
  AuditLog acknowledged() {
    return acknowledged;
  }

  Optional<ShipperState> state() {
    return shippers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ShipperState.together(shippers.stream().map(PostgresShipper::state).toList()));
  }

  /** Whether no call is refused because of it. */
  boolean takesRows() {
    return state().map(now -> !now.refuses()).orElse(true);
  }

  /** How it is doing, as operators see it; empty when there is none. */
  Map<String, Object> tree() {
    Map<String, Object> tree = new HashMap<>();
    state()
        .ifPresent(
            state -> {
              tree.put("copy_rows", state.rows());
              tree.put("copy_lag_rows", state.lagRows());
              tree.put("copy_oldest_waiting_ms", state.oldestWaiting().toMillis());
              tree.put("copy_late", state.late());
              tree.put("copy_failure", state.failure());
              tree.put("copy_durability", state.durability().name().toLowerCase(Locale.ROOT));
            });
    return tree;
  }

  @Override
  public void close() {
    shippers.forEach(PostgresShipper::close);
  }
}
