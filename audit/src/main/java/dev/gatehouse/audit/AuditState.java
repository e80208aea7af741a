package dev.gatehouse.audit;

import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.tsa.StampState;
import dev.gatehouse.audit.write.LogStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How an audit log is doing, for health checks and people.
 *
 * @param status whether it takes rows
 * @param reason why not; empty while {@link LogStatus#OPEN}
 * @param stream the stream being written; of several classes, that of the one by default
 * @param rows how many of its rows are durable
 * @param queuedRows how many rows wait for the disk
 * @param queuedBytes how many bytes of rows wait for the disk
 * @param openCalls how many calls were allowed and have no outcome yet
 * @param lastCheckpoint the last checkpoint of this stream
 * @param checkpointFailure why the last attempt at a checkpoint failed; empty when it did not
 * @param checkpointLate whether no checkpoint was kept for two intervals
 * @param refusesWhenLate whether it takes no rows then
 * @param stamps how time-stamping is doing, if somebody does it
 */
public record AuditState(
    LogStatus status,
    String reason,
    String stream,
    long rows,
    int queuedRows,
    long queuedBytes,
    int openCalls,
    Optional<Checkpoint> lastCheckpoint,
    String checkpointFailure,
    boolean checkpointLate,
    boolean refusesWhenLate,
    Optional<StampState> stamps) {

  /** Whether it takes rows. */
  public boolean open() {
    return status == LogStatus.OPEN && !(checkpointLate && refusesWhenLate);
  }

  /** All classes as one: what is worst of each, and all numbers together. */
  static AuditState together(List<AuditState> classes) {
    AuditState first = classes.getFirst();
    if (classes.size() == 1) {
      return first;
    }
    AuditState worst = classes.stream().max(Comparator.comparing(AuditState::status)).orElse(first);
    return new AuditState(
        worst.status,
        worst.reason.isEmpty() ? "" : worst.stream + ": " + worst.reason,
        first.stream,
        classes.stream().mapToLong(AuditState::rows).sum(),
        classes.stream().mapToInt(AuditState::queuedRows).sum(),
        classes.stream().mapToLong(AuditState::queuedBytes).sum(),
        classes.stream().mapToInt(AuditState::openCalls).sum(),
        first.lastCheckpoint,
        classes.stream()
            .map(AuditState::checkpointFailure)
            .filter(failure -> !failure.isEmpty())
            .findFirst()
            .orElse(""),
        classes.stream().anyMatch(AuditState::checkpointLate),
        first.refusesWhenLate,
        first.stamps);
  }
}
