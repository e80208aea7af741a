package dev.gatehouse.audit;

import dev.gatehouse.audit.body.Bodies;
import dev.gatehouse.audit.body.Bodies.Bodied;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.disk.DirectoryLock;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.KeyFiles;
import dev.gatehouse.audit.personal.Committer;
import dev.gatehouse.audit.personal.Committer.Committed;
import dev.gatehouse.audit.retain.BodyRetention;
import dev.gatehouse.audit.retain.Retention;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.sign.CheckpointThread;
import dev.gatehouse.audit.sign.Checkpointer;
import dev.gatehouse.audit.sign.KeyChange;
import dev.gatehouse.audit.tsa.Stamper;
import dev.gatehouse.audit.witness.Outbox;
import dev.gatehouse.audit.write.BesideRows;
import dev.gatehouse.audit.write.GroupWriter;
import dev.gatehouse.audit.write.NewStream;
import dev.gatehouse.audit.write.OpenCalls;
import dev.gatehouse.audit.write.Pending;
import dev.gatehouse.audit.write.Pending.Mark;
import dev.gatehouse.audit.write.PendingRows;
import dev.gatehouse.audit.write.RowQueue;
import dev.gatehouse.audit.write.Standing;
import dev.gatehouse.audit.write.StreamAppender;
import dev.gatehouse.audit.write.Written;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The part of the log that writes one retention class: a queue, a writer and a signer of its own.
 *
 * <p>Thread-safe. {@link #append}, {@link #state} never block; the other methods do.
 */
final class LineageLog implements AuditLog, Retention.Recorder {

  private final AuditConfig config;
  private final Successions successions;
  private final RowQueue queue;
  private final Standing standing;
  private final OpenCalls calls;
  private final Bodies bodies;
  private final Committer committer;
  private final GroupWriter writer;
  private final CheckpointThread checkpoints;
  private final BodyRetention bodyRetention;
  private final DirectoryLock lock;
  private volatile Instant since;
  private volatile BesideRows beside;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Makes what signs, of where the writer says the stream stands. */
  interface SignerOf {
    Checkpointer over(Supplier<Tip> durable);
  }

  /** What the lineage goes on with when a stream has become old. */
  interface Successions extends CheckpointThread.WalkerOf {
    NewStream stream(StreamName name) throws IOException;

    /**
     * What is kept beside the rows of a stream.
     *
     * @param begun hears when a file of bodies was begun
     */
    BesideRows beside(StreamName name, Runnable begun);
  }

  LineageLog(
      AuditConfig config,
      DirectoryLock lock,
      StreamAppender appender,
      SignerOf signer,
      Successions successions,
      Optional<Outbox> outbox,
      Optional<Stamper> stamper) {
    this.config = config;
    this.bodies = new Bodies(config.bodies(), config.personal().subject());
    this.committer = new Committer(config.personal());
    this.lock = lock;
    this.successions = successions;
    this.since = config.clock().instant();
    this.queue = new RowQueue(config.queueRowsMax(), config.queueBytesMax());
    this.standing = new Standing();
    this.calls = new OpenCalls();
    this.beside = successions.beside(appender.name(), this::lookAtBodies);
    this.writer = new GroupWriter(appender, queue, standing, calls, beside);
    this.checkpoints =
        new CheckpointThread(
            signer.over(() -> writer.written().tip()),
            writer,
            standing,
            config.checkpointEvery(),
            config.clock(),
            outbox,
            stamper);
    this.bodyRetention =
        new BodyRetention(
            new AuditLayout(config.dir()),
            this,
            () -> beside.bodies(),
            config.bodies(),
            config.clock(),
            config.checkpointEvery());
  }

  private void lookAtBodies() {
    bodyRetention.look();
  }

  /** Starts the threads and takes the first checkpoint; closes again when that fails. */
  void start() {
    writer.start();
    checkpoints.start();
    try {
      var _ = checkpoints.take();
    } catch (AuditUnavailableException e) {
      close();
      throw e;
    }
    bodyRetention.start();
  }

  @Override
  public CompletionStage<AuditReceipt> append(AuditRow row) {
    standing.requireOpen();
    Bodied bodied = bodies.of(row);
    Committed committed = committer.commit(bodied.fields());
    Pending pending =
        PendingRows.counted(
            committed.fields(), committed.disclosures(), bodied.body(), config.rowBytesMax());
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

  AuditState state() {
    Written written = writer.written();
    return new AuditState(
        standing.status(),
        standing.reason(),
        written.stream().toString(),
        written.tip().rows(),
        queue.rows(),
        queue.bytes(),
        calls.size(),
        checkpoints.last(),
        checkpoints.failure(),
        checkpoints.late(),
        config.refuseWhenLate(),
        checkpoints.stamps());
  }

  /** How many rows wait for the disk. */
  int queuedRows() {
    return queue.rows();
  }

  /** Lets go of the bodies whose time has come, which it also does by itself. */
  int letGoOfBodies() throws IOException {
    return bodyRetention.letGo();
  }

  Checkpoint checkpoint() {
    return checkpoints.take();
  }

  KeyChange rotateKey(KeyFiles files) {
    return checkpoints.rotateKey(files);
  }

  /** When the stream being written began. */
  Instant since() {
    return since;
  }

  /**
   * Ends the stream being written and goes on in another; calls that are open go on there.
   *
   * @throws AuditUnavailableException when no checkpoint can be kept now, or the disk failed
   * @throws IOException when there is no room; nothing has changed
   */
  void roll() throws IOException {
    StreamName now = live();
    StreamName name = new StreamName(now.node(), now.epoch() + 1, now.retentionClass());
    NewStream next = successions.stream(name);
    try {
      next.allocate();
      BesideRows ofNext = successions.beside(name, this::lookAtBodies);
      bodyRetention.meanwhile(
          () -> {
            checkpoints.roll(next, ofNext, successions);
            beside = ofNext;
          });
      since = config.clock().instant();
    } catch (IOException | RuntimeException e) {
      next.abandon();
      throw e;
    }
  }

  @Override
  public StreamName live() {
    return writer.written().stream();
  }

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

  /**
   * Writes what was taken, gives open calls the outcome {@code unknown}, seals the stream, signs
   * the last checkpoint and lets go of the lock. Idempotent; an interrupt waits until it is done.
   */
  void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    bodyRetention.stop();
    standing.closing();
    writer.wake();
    checkpoints.stop();
    writer.join();
    try {
      checkpoints.finish();
      lock.close();
    } catch (IOException e) {
      throw new AuditUnavailableException("closing the audit log " + live() + " failed", e);
    }
  }
}
