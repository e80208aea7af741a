package dev.gatehouse.audit;

import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.disk.LocalDisk;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.KeyFiles;
import dev.gatehouse.audit.personal.SubjectKeys;
import dev.gatehouse.audit.retain.Retention;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.sign.KeyChange;
import dev.gatehouse.audit.write.StreamAppender;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.audit.SubjectErasure;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The tamper-evident log in segment files: for each retention class a stream of its own. Each
 * opening begins new streams that continue those before; see the package's story for the format and
 * the rules.
 *
 * <p>A class whose disk failed refuses the rows that are due to it; the others go on, but {@link
 * #state} tells that not all is well.
 *
 * <p>Thread-safe. {@link #append}, {@link #state} and {@link #assign} never block; the other
 * methods do.
 */
public final class SegmentAuditLog implements AuditLog, SubjectErasure, AutoCloseable {

  private static final long IDLE_POLL_NANOS = Duration.ofMillis(1).toNanos();

  private final AuditConfig config;
  private final Surroundings around;
  private final RowRouter<LineageLog> router;
  private final List<LineageLog> lineages;
  private final Retention retention;
  private final Custodian custodian;
  private final AtomicBoolean closed = new AtomicBoolean();

  SegmentAuditLog(AuditConfig config, Surroundings around, Map<String, LineageLog> classes) {
    this.config = config;
    this.around = around;
    this.lineages = List.copyOf(classes.values());
    this.router = new RowRouter<>(config.retention().byDefault(), classes);
    this.retention =
        new Retention(
            new AuditLayout(config.dir()),
            lineages,
            config.clock(),
            StreamAppender.batchBytesMax(config.rowBytesMax(), config.segmentBytes())
                - Frame.HEADER_BYTES);
    this.custodian = new Custodian(lineages, retention, config.retention().kept(), config.clock());
    custodian.start();
  }

  /**
   * Opens a log: takes the locks, puts the streams before in order, begins new ones, signs their
   * first checkpoints.
   *
   * @throws AuditUnavailableException when another process holds the log, or what lies there is
   *     neither whole nor torn, or the disk fails; the message names the file and says what to do
   */
  public static SegmentAuditLog open(AuditConfig config) {
    return LogOpener.open(config, new LocalDisk());
  }

  /**
   * Says which agents' rows go to another class than the one by default. Rows of calls that are
   * open stay where their intents are.
   *
   * @param classes agents to names of classes
   * @throws IllegalArgumentException when there is no such class
   */
  public void assign(Map<String, String> classes) {
    router.assign(classes);
  }

  @Override
  public CompletionStage<AuditReceipt> append(AuditRow row) {
    return router.append(row);
  }

  @Override
  public CompletionStage<Erased> erase(String subject, String by, String reason) {
    return CompletableFuture.supplyAsync(
        () -> destroyed(subject, by, reason),
        task -> Thread.ofVirtual().name("audit-erase").start(task));
  }

  /** The row first: what is erased and not on record would be a hole that nobody explains. */
  private Erased destroyed(String subject, String by, String reason) {
    SubjectKeys subjects = around.subjects();
    try {
      String key =
          subjects
              .find(subject)
              .orElseThrow(() -> new IllegalArgumentException("nothing is kept about this subject"))
              .name();
      AuditReceipt row =
          append(new AuditRow(ControlRows.erased(key, by, reason))).toCompletableFuture().join();
      var _ = checkpoint(); // an export that is signed so far holds the row
      subjects.destroy(subject);
      return new Erased(key, row);
    } catch (IOException e) {
      throw new AuditUnavailableException(
          "the subject's key could not be destroyed; order it again: " + e, e);
    }
  }

  /** How the log is doing, all classes together. */
  public AuditState state() {
    return AuditState.together(states());
  }

  /** How each class is doing, the one by default first. */
  public List<AuditState> states() {
    return lineages.stream().map(LineageLog::state).toList();
  }

  /**
   * Signs checkpoints now, besides those that come by themselves.
   *
   * @return that of the class by default
   * @throws AuditUnavailableException when one cannot be kept
   */
  public Checkpoint checkpoint() {
    return lineages.stream().map(LineageLog::checkpoint).toList().getFirst();
  }

  /**
   * Makes new keys for checkpoints and puts them in force, on record in each class.
   *
   * @param by who ordered it
   * @return with the first checkpoint of the class by default
   * @throws AuditUnavailableException when it was not done to the end; order it again
   */
  public synchronized KeyChange rotateKey(String by) {
    var _ = append(new AuditRow(ControlRows.rotationOrdered(by))).toCompletableFuture().join();
    KeyFiles files = new KeyFiles(new AuditLayout(config.dir()).keys());
    List<KeyChange> changes = lineages.stream().map(each -> each.rotateKey(files)).toList();
    try {
      files.recorded();
    } catch (IOException e) {
      throw new AuditUnavailableException("the keys were not changed to the end: " + e, e);
    }
    return changes.getFirst();
  }

  /** Seals streams and lets go of those whose time has come; its methods block. */
  public Retention retention() {
    return retention;
  }

  /**
   * Does now what it does every ten minutes by itself: ends streams that have become old, of
   * classes whose rows are kept for a time, and lets go of those whose time is over.
   *
   * @return what stays of the streams that went
   * @throws IOException when a stream does not hold, or there is no room
   */
  public List<ExpiredStream> tend() throws IOException {
    return custodian.round();
  }

  /** Why that was not done to its end the last time; empty when it was. */
  public String tendFailure() {
    return custodian.failure();
  }

  /**
   * Lets go of the bodies whose time has come, on record; it does so by itself, too. Blocks.
   *
   * @return how many files went
   */
  public int letGoOfBodies() throws IOException {
    int files = 0;
    for (LineageLog each : lineages) {
      files += each.letGoOfBodies();
    }
    return files;
  }

  /** The streams being written, the one of the class by default first. */
  public List<String> streams() {
    return lineages.stream().map(LineageLog::live).map(StreamName::toString).toList();
  }

  /** Waits until no row is queued; false when that took too long. */
  public boolean awaitIdle(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (lineages.stream().anyMatch(each -> each.queuedRows() > 0)) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      LockSupport.parkNanos(this, IDLE_POLL_NANOS);
    }
    return true;
  }

  /**
   * Writes what was taken, gives open calls the outcome {@code unknown}, seals the streams, signs
   * the last checkpoints and lets go of the locks. Idempotent; an interrupt waits until it is done.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      custodian.close();
      try {
        closeAll(lineages.reversed());
      } finally {
        around.close();
      }
    }
  }

  /** All of them, whatever becomes of one. */
  static void closeAll(Collection<LineageLog> logs) {
    AuditUnavailableException failure = null;
    for (LineageLog each : logs) {
      try {
        each.close();
      } catch (AuditUnavailableException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
