package dev.gatehouse.audit;

import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.tsa.StampState;
import dev.gatehouse.audit.write.LogStatus;
import java.util.Optional;

/**
 * How an audit log is doing, for health checks and people.
 *
 * @param status whether it takes rows
 * @param reason why not; empty while {@link LogStatus#OPEN}
 * @param stream the stream being written
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
}
