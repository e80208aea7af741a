package dev.gatehouse.gateway;

import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.index.IndexFollower;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.gateway.config.GatewayConfig;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The record of the data directory, with what follows it: its copy, its index and the sums over its
 * rows. Thread-safe.
 */
final class KeptRecord implements AutoCloseable {

  private final Path dir;
  private final SegmentAuditLog audit;
  private final AuditCopy copy;
  private final IndexFollower index;
  private final Metrics metrics = new Metrics();

  private KeptRecord(Path dir, SegmentAuditLog audit, AuditCopy copy) {
    this.dir = dir;
    this.audit = audit;
    this.copy = copy;
    this.index = IndexFollower.start(dir, audit::streams);
  }

  /**
   * Opens it.
   *
   * @throws dev.gatehouse.core.audit.AuditUnavailableException when the record cannot be kept
   */
  static KeptRecord open(GatewayConfig config) throws IOException {
    SegmentAuditLog audit = SegmentAuditLog.open(config.audit());
    audit.assign(config.retentionOfAgents());
    return new KeptRecord(config.audit().dir(), audit, AuditCopy.start(config, audit));
  }

  /** From now on agents' rows are kept for as long as this says. */
  void replace(GatewayConfig next) {
    audit.assign(next.retentionOfAgents());
  }

  /** Where rows go: counted, and acknowledged when they are where the config wants them. */
  AuditLog rows() {
    return metrics.over(copy.acknowledged());
  }

  /** Whether no call is refused because of it. */
  boolean takesRows() {
    return audit.state().open() && copy.takesRows();
  }

  Path dir() {
    return dir;
  }

  SegmentAuditLog audit() {
    return audit;
  }

  AuditCopy copy() {
    return copy;
  }

  IndexFollower index() {
    return index;
  }

  Metrics metrics() {
    return metrics;
  }

  /** Ends what reads the log, the log, and then its copy, which has its last rows by then. */
  @Override
  public void close() {
    Steps.quietly("audit index", index::close);
    Steps.quietly("audit log", audit::close);
    Steps.quietly("audit copy", copy::close);
    Steps.quietly("metrics", metrics::close);
  }
}
