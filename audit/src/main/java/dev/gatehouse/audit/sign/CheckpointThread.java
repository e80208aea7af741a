package dev.gatehouse.audit.sign;

import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.disk.NoRoomException;
import dev.gatehouse.audit.disk.Threads;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.note.KeyFiles;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.tsa.StampState;
import dev.gatehouse.audit.tsa.Stamper;
import dev.gatehouse.audit.witness.Outbox;
import dev.gatehouse.audit.write.BesideRows;
import dev.gatehouse.audit.write.GroupWriter;
import dev.gatehouse.audit.write.LogStatus;
import dev.gatehouse.audit.write.NewStream;
import dev.gatehouse.audit.write.Pending;
import dev.gatehouse.audit.write.PendingRows;
import dev.gatehouse.audit.write.Roll;
import dev.gatehouse.audit.write.Standing;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a checkpoint every so often, idle or not, and records it in the stream. A checkpoint that
 * cannot be kept is reported and tried again next time; a disk that holds something else than was
 * written poisons the log.
 */
public final class CheckpointThread {

  /**
   * After so many intervals without a checkpoint, or with one that waits to be sent, it is late.
   */
  public static final int LATE_INTERVALS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointThread.class);

  private final Checkpointer checkpointer;
  private final GroupWriter writer;
  private final Standing standing;
  private final Duration every;
  private final InstantSource clock;
  private final Optional<Outbox> outbox;
  private final Optional<Stamper> stamper;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile Optional<Checkpoint> last = Optional.empty();
  private volatile String failure = "";

  /**
   * @param outbox carries the checkpoints further; closed by whoever made it
   * @param stamper lets them be time-stamped; closed by whoever made it
   */
  public CheckpointThread(
      Checkpointer checkpointer,
      GroupWriter writer,
      Standing standing,
      Duration every,
      InstantSource clock,
      Optional<Outbox> outbox,
      Optional<Stamper> stamper) {
    this.checkpointer = checkpointer;
    this.writer = writer;
    this.standing = standing;
    this.every = every;
    this.clock = clock;
    this.outbox = outbox;
    this.stamper = stamper;
    this.thread = Thread.ofPlatform().daemon().name("audit-checkpoint").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  public Optional<Checkpoint> last() {
    return last;
  }

  /** Why the last checkpoint was not kept or not sent; empty when it was. */
  public String failure() {
    return failure.isEmpty() ? outbox.map(Outbox::failure).orElse("") : failure;
  }

  /** Whether no checkpoint was kept and sent for two intervals. Any thread; does not block. */
  public boolean late() {
    Instant due =
        last.map(kept -> kept.at().plus(every.multipliedBy(LATE_INTERVALS))).orElse(Instant.MAX);
    return clock.instant().isAfter(due) || outbox.map(Outbox::late).orElse(false);
  }

  /** How time-stamping is doing, if somebody does it. */
  public Optional<StampState> stamps() {
    return stamper.map(Stamper::state);
  }

  private void run() {
    try {
      while (!stopping.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
        attempt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attempt() {
    try {
      take();
    } catch (AuditUnavailableException e) {
      LOG.error("no checkpoint: {}", failure);
    }
  }

  /**
   * Takes a checkpoint now and records it. Nobody else may in between: the row of a checkpoint that
   * the old keys signed must not stand behind a change of keys.
   *
   * @throws AuditUnavailableException when that failed
   */
  public synchronized Checkpoint take() {
    Checkpointer.Kept kept = keep();
    if (!standing.over()) {
      writer.submit(
          PendingRows.own(
              ControlRows.checkpoint(kept.checkpoint(), kept.fleet(), checkpointer.keyId())));
    }
    return kept.checkpoint();
  }

  /**
   * Puts new keys in force: the row that records it first, then a checkpoint that they sign. What
   * was interrupted goes on when it is ordered again, or at the next start. That the statement is
   * recorded is for the caller to say, when all lineages have it.
   *
   * @throws AuditUnavailableException when it was not done to the end
   */
  public synchronized KeyChange rotateKey(KeyFiles files) {
    try {
      Map<String, Object> statement = files.rotateNow();
      CheckpointKey next = files.current();
      if (!next.id().equals(checkpointer.keyId())) {
        checkpointer.announce(next);
        Pending row = PendingRows.own(ControlRows.keyRotated(statement));
        writer.submit(row);
        var _ = row.toCompletableFuture().join();
        checkpointer.goOn(next, statement);
      }
      Checkpoint first = take();
      return new KeyChange(next.id(), first);
    } catch (IOException | CompletionException e) {
      throw new AuditUnavailableException("the keys were not changed to the end: " + e, e);
    }
  }

  /** Reads a stream from its beginning. */
  public interface WalkerOf {
    /**
     * @param previous the end of the stream before
     */
    StreamWalker walk(StreamName stream, Tip previous) throws IOException;
  }

  /**
   * Ends the stream and goes on in another, with a checkpoint in front, at the end and of the
   * other.
   *
   * @throws AuditUnavailableException when that failed; the stream has ended or not, and is signed
   *     with the next checkpoint if it has
   * @throws IOException when there is no room; nothing has changed
   */
  public synchronized void roll(NewStream next, BesideRows beside, WalkerOf walkers)
      throws IOException {
    var _ = take();
    Roll order = new Roll(next, beside);
    writer.roll(order);
    try {
      Tip end = order.join();
      checkpointer.ended(end, walkers.walk(next.name(), end));
    } catch (CompletionException e) {
      if (e.getCause() instanceof NoRoomException full) {
        throw full;
      }
      throw new AuditUnavailableException("the stream was not followed by another: " + e, e);
    }
    var _ = take();
  }

  private synchronized Checkpointer.Kept keep() {
    if (standing.status() == LogStatus.POISONED) {
      throw standing.refusal();
    }
    try {
      checkpointer.finish().ifPresent(this::kept);
      Checkpointer.Kept kept = checkpointer.take();
      kept(kept);
      failure = "";
      return kept;
    } catch (IOException | RuntimeException e) {
      failure = "the checkpoint could not be kept: " + e;
      throw new AuditUnavailableException(failure, e);
    } catch (BrokenChainException e) {
      failure = "the disk does not hold what was written: " + e.getMessage();
      standing.poison(failure);
      writer.wake();
      throw new AuditUnavailableException(failure, e);
    }
  }

  private void kept(Checkpointer.Kept kept) {
    last = Optional.of(kept.checkpoint());
    outbox.ifPresent(
        to -> {
          to.due(kept.checkpoint().stream(), kept.checkpoint().number());
          to.due(kept.fleet().log(), Math.toIntExact(kept.fleet().number()));
        });
    stamper.ifPresent(each -> each.due(kept.fleet()));
  }

  /** Stops; waits for a checkpoint under way. */
  public void stop() {
    stopping.countDown();
    Threads.join(thread);
  }

  /** Takes the checkpoint that covers the seal, which no row can record any more. */
  public void finish() throws IOException {
    try {
      if (standing.status() == LogStatus.CLOSED) {
        keep();
      }
    } catch (AuditUnavailableException e) {
      LOG.error("no final checkpoint: {}", failure);
    } finally {
      checkpointer.close();
    }
  }
}
