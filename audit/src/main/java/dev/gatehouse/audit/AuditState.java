package dev.gatehouse.audit;

import java.util.Optional;

/**
 * How an audit log is doing, for health checks and people.
 *
 * @param status whether it takes rows
 * @param reason why not; empty while {@link Status#OPEN}
 * @param stream the stream being written
 * @param rows how many of its rows are durable
 * @param queuedRows how many rows wait for the disk
 * @param queuedBytes how many bytes of rows wait for the disk
 * @param openCalls how many calls were allowed and have no outcome yet
 * @param lastCheckpoint the last checkpoint of this stream
 * @param checkpointFailure why the last attempt at a checkpoint failed; empty when it did not
 */
public record AuditState(
    Status status,
    String reason,
    String stream,
    long rows,
    int queuedRows,
    long queuedBytes,
    int openCalls,
    Optional<Checkpoint> lastCheckpoint,
    String checkpointFailure) {

  /**
   * OPEN ⇄ FULL; OPEN or FULL → CLOSING → CLOSED; any of these but CLOSED → POISONED. Nothing
   * leaves CLOSED and POISONED.
   */
  public enum Status {
    /** Takes rows. */
    OPEN,
    /** Refuses rows until there is room on the disk again; looks by itself. */
    FULL,
    /** Refuses rows until the process is started again: the disk failed or changed. */
    POISONED,
    /** Writes what it has taken; refuses rows. */
    CLOSING,
    /** Refuses rows. */
    CLOSED
  }

  /** Whether it takes rows. */
  public boolean open() {
    return status == Status.OPEN;
  }
}
