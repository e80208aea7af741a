package dev.gatehouse.audit;

import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.disk.DirectoryLock;
import dev.gatehouse.audit.disk.LocalDisk;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.KeyFiles;
import dev.gatehouse.audit.personal.Committer;
import dev.gatehouse.audit.personal.Committer.Committed;
import dev.gatehouse.audit.personal.SubjectKeys;
import dev.gatehouse.audit.personal.Vault;
import dev.gatehouse.audit.retain.Retention;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.sign.CheckpointThread;
import dev.gatehouse.audit.sign.Checkpointer;
import dev.gatehouse.audit.sign.KeyChange;
import dev.gatehouse.audit.tsa.Stamper;
import dev.gatehouse.audit.witness.Outbox;
import dev.gatehouse.audit.write.GroupWriter;
import dev.gatehouse.audit.write.OpenCalls;
import dev.gatehouse.audit.write.Pending;
import dev.gatehouse.audit.write.Pending.Mark;
import dev.gatehouse.audit.write.PendingRows;
import dev.gatehouse.audit.write.RowQueue;
import dev.gatehouse.audit.write.Standing;
import dev.gatehouse.audit.write.StreamAppender;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.audit.SubjectErasure;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The tamper-evident log in segment files. Each opening begins a new stream that continues the one
 * before; see the package's story for the format and the rules.
 *
 * <p>Thread-safe. {@link #append}, {@link #state} never block; the other methods do.
 */
public final class SegmentAuditLog implements AuditLog, SubjectErasure, AutoCloseable {

  private static final long IDLE_POLL_NANOS = Duration.ofMillis(1).toNanos();

  private final AuditConfig config;
  private final String stream;
  private final RowQueue queue;
  private final Standing standing;
  private final OpenCalls calls;
  private final Committer committer;
  private final SubjectKeys subjects;
  private final GroupWriter writer;
  private final CheckpointThread checkpoints;
  private final DirectoryLock lock;
  private final Retention retention;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Makes what signs, of where the writer says the stream stands. */
  interface SignerOf {
    Checkpointer over(Supplier<Tip> durable);
  }

  SegmentAuditLog(
      AuditConfig config,
      DirectoryLock lock,
      StreamAppender appender,
      SignerOf signer,
      Optional<Vault> vault,
      SubjectKeys subjects,
      Optional<Outbox> outbox,
      Optional<Stamper> stamper) {
    this.config = config;
    this.committer = new Committer(config.personal());
    this.subjects = subjects;
    this.lock = lock;
    this.stream = appender.name().toString();
    this.queue = new RowQueue(config.queueRowsMax(), config.queueBytesMax());
    this.standing = new Standing();
    this.calls = new OpenCalls();
    this.writer = new GroupWriter(appender, queue, standing, calls, vault);
    this.checkpoints =
        new CheckpointThread(
            signer.over(writer::durable),
            writer,
            standing,
            config.checkpointEvery(),
            config.clock(),
            outbox,
            stamper);
    this.retention =
        new Retention(
            new AuditLayout(config.dir()),
            appender.name(),
            new OwnHand(),
            config.clock(),
            StreamAppender.batchBytesMax(config.rowBytesMax(), config.segmentBytes())
                - Frame.HEADER_BYTES);
  }

  /**
   * Opens a log: takes the lock, puts the stream before in order, begins a new one, signs its first
   * checkpoint.
   *
   * @throws AuditUnavailableException when another process holds the log, or what lies there is
   *     neither whole nor torn, or the disk fails; the message names the file and says what to do
   */
  public static SegmentAuditLog open(AuditConfig config) {
    return LogOpener.open(config, new LocalDisk());
  }

  /** Starts the threads and takes the first checkpoint; closes again when that fails. */
  void start() {
    writer.start();
    checkpoints.start();
    try {
      checkpoints.take();
    } catch (AuditUnavailableException e) {
      close();
      throw e;
    }
  }

  @Override
  public CompletionStage<AuditReceipt> append(AuditRow row) {
    standing.requireOpen();
    Committed committed = committer.commit(row.fields());
    Pending pending =
        PendingRows.counted(committed.fields(), committed.disclosures(), config.rowBytesMax());
    if (config.refuseWhenLate() && pending.mark != Mark.CLOSES && checkpoints.late()) {
      throw new AuditUnavailableException(
          "the audit log takes no rows: no checkpoint was kept for two intervals of "
              + config.checkpointEvery()
              + ", and refuse_when_late is set; "
              + checkpoints.failure());
    }
    if (pending.mark == Mark.OPENS && calls.size() >= config.openCallsMax()) {
      throw new AuditUnavailableException(
          "openCallsMax = " + config.openCallsMax() + " calls are open without an outcome");
    }
    queue.reserve(pending.queuedBytes());
    writer.submit(pending);
    return pending;
  }

  @Override
  public CompletionStage<Erased> erase(String subject, String by, String reason) {
    return CompletableFuture.supplyAsync(
        () -> destroyed(subject, by, reason),
        task -> Thread.ofVirtual().name("audit-erase").start(task));
  }

  /** The row first: what is erased and not on record would be a hole that nobody explains. */
  private Erased destroyed(String subject, String by, String reason) {
    try {
      String key =
          subjects
              .find(subject)
              .orElseThrow(() -> new IllegalArgumentException("nothing is kept about this subject"))
              .name();
      AuditReceipt row =
          append(new AuditRow(ControlRows.erased(key, by, reason))).toCompletableFuture().join();
      subjects.destroy(subject);
      return new Erased(key, row);
    } catch (IOException e) {
      throw new AuditUnavailableException(
          "the subject's key could not be destroyed; order it again: " + e, e);
    }
  }

  /** How the log is doing. */
  public AuditState state() {
    return new AuditState(
        standing.status(),
        standing.reason(),
        stream,
        writer.durable().rows(),
        queue.rows(),
        queue.bytes(),
        calls.size(),
        checkpoints.last(),
        checkpoints.failure(),
        checkpoints.late(),
        config.refuseWhenLate(),
        checkpoints.stamps());
  }

  /**
   * Signs a checkpoint now, besides those that come by themselves.
   *
   * @throws AuditUnavailableException when it cannot be kept
   */
  public Checkpoint checkpoint() {
    return checkpoints.take();
  }

  /**
   * Makes new keys for checkpoints and puts them in force, on record.
   *
   * @param by who ordered it
   * @throws AuditUnavailableException when it was not done to the end; order it again
   */
  public KeyChange rotateKey(String by) {
    var _ = append(new AuditRow(ControlRows.rotationOrdered(by))).toCompletableFuture().join();
    return checkpoints.rotateKey(new KeyFiles(new AuditLayout(config.dir()).keys()));
  }

  /** Seals streams and lets go of those whose time has come; its methods block. */
  public Retention retention() {
    return retention;
  }

  private final class OwnHand implements Retention.Recorder {
    @Override
    public void record(Map<String, Object> row) {
      standing.requireOpen();
      Pending own = PendingRows.own(row);
      writer.submit(own);
      var _ = own.toCompletableFuture().join();
    }

    @Override
    public void sign() {
      var _ = checkpoints.take();
    }
  }

  /** Waits until no row is queued; false when that took too long. */
  public boolean awaitIdle(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (queue.rows() > 0) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      LockSupport.parkNanos(this, IDLE_POLL_NANOS);
    }
    return true;
  }

  /**
   * Writes what was taken, gives open calls the outcome {@code unknown}, seals the stream, signs
   * the last checkpoint and lets go of the lock. Idempotent; an interrupt waits until it is done.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    standing.closing();
    writer.wake();
    checkpoints.stop();
    writer.join();
    try {
      checkpoints.finish();
      lock.close();
    } catch (IOException e) {
      throw new AuditUnavailableException("closing the audit log " + stream + " failed", e);
    }
  }
}
