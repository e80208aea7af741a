package dev.gatehouse.audit.write;

import dev.gatehouse.audit.chain.Inheritance;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.disk.NoRoomException;
import dev.gatehouse.audit.disk.Threads;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes a stream: takes whatever was queued while the last batch was synced,
 * writes and syncs it, then completes the stages. No timer: an idle log writes a lone row at once,
 * a busy one writes large batches.
 *
 * <p>An error of the disk poisons the log and ends the thread; an fsync is never tried again, since
 * the system may have dropped what it could not write.
 */
public final class GroupWriter implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);
  private static final long ROOM_RETRY_MILLIS = 500;
  private static final String CLOSED_BEFORE =
      "the gateway was closed before an outcome was recorded";

  private StreamAppender appender;
  private final RowQueue queue;
  private final Standing standing;
  private final OpenCalls calls;
  private BesideRows beside;
  private final List<Pending> batch = new ArrayList<>();
  private @Nullable Pending rest;
  private @Nullable Thread thread;
  private volatile Written written;
  private volatile @Nullable Roll roll;
  private volatile boolean parked;

  /**
   * @param beside keeps what rows commit to, or have the digest of
   */
  public GroupWriter(
      StreamAppender appender,
      RowQueue queue,
      Standing standing,
      OpenCalls calls,
      BesideRows beside) {
    this.appender = appender;
    this.queue = queue;
    this.standing = standing;
    this.calls = calls;
    this.beside = beside;
    this.written = new Written(appender.name(), appender.tip());
  }

  public void start() {
    // A daemon: a process that ends without closing the log is recovered like one that was killed.
    Thread writer = Thread.ofPlatform().daemon().name("audit-writer").unstarted(this);
    thread = writer;
    writer.start();
  }

  public void join() {
    Threads.join(Objects.requireNonNull(thread));
  }

  /** Where the stream being written is durable, and which that is. */
  public Written written() {
    return written;
  }

  /** Ends the stream at the next occasion and goes on in another. Any thread; does not block. */
  public void roll(Roll order) {
    roll = order;
    if (standing.over()) {
      refuseRoll();
    } else {
      wake();
    }
  }

  /** Adds a row and makes sure that the writer sees it. Any thread; does not block. */
  public void submit(Pending row) {
    queue.add(row);
    if (standing.over()) {
      refuseQueued(); // the writer may have looked for the last time
    } else if (parked) {
      parked = false; // one wake-up is enough
      wake();
    }
  }

  public void wake() {
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    try {
      write();
      seal();
      standing.closed();
    } catch (IOException | RuntimeException | Error e) {
      poison(e);
    } finally {
      closeBeside();
      refuseQueued();
      refuseRoll();
    }
  }

  private void refuseRoll() {
    Roll refused = roll;
    if (refused != null) {
      refused.completeExceptionally(standing.refusal());
    }
  }

  private void closeBeside() {
    try {
      beside.close();
    } catch (IOException e) {
      LOG.warn("audit log {}: closing what lies beside its rows failed", appender.name(), e);
    }
  }

  private void write() throws IOException {
    while (true) {
      Roll due = roll; // before the rows are taken: those submitted in front of it come first
      rest = queue.takeAll();
      if (rest != null) {
        writeRest();
      } else if (standing.status() == LogStatus.CLOSING || standing.over()) {
        return;
      } else {
        await();
      }
      if (due != null && standing.status() == LogStatus.OPEN) {
        roll(due, appender);
      } else if (due != null && standing.status() == LogStatus.FULL) {
        refuse(due, new NoRoomException(standing.reason(), new IOException("the disk is full")));
      }
    }
  }

  /**
   * Ends the stream; calls that are open go on in the next, which says so. What fails behind the
   * seal poisons the log: the next start finds an end.
   */
  private void roll(Roll due, StreamAppender ended) throws IOException {
    List<Map<String, Object>> open = calls.left();
    Pending seal = PendingRows.own(ControlRows.sealed(durable().rows(), open.size()));
    try {
      ended.makeRoom(seal.frameBytes());
    } catch (NoRoomException e) {
      refuse(due, e);
      return;
    }
    ended.append(List.of(seal));
    Tip end = ended.tip();
    ended.trimAndClose();
    closeBeside();
    beside = BesideRows.NONE;
    appender =
        due.next.begin(
            new Inheritance(due.next.name().epoch(), ended.name().toString(), true, end, List.of()),
            open.stream().map(ControlRows::carried).toList());
    beside = due.beside;
    written = new Written(appender.name(), appender.tip());
    roll = null;
    due.complete(end);
  }

  private void refuse(Roll due, NoRoomException why) {
    roll = null;
    due.completeExceptionally(why);
  }

  private Tip durable() {
    return written.tip();
  }

  private void await() throws IOException {
    parked = true;
    if (queue.isEmpty() && roll == null && standing.status() == LogStatus.OPEN) {
      LockSupport.park(this);
    } else if (standing.status() == LogStatus.FULL) {
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(ROOM_RETRY_MILLIS));
      lookForRoom();
    }
    parked = false;
  }

  private void lookForRoom() throws IOException {
    try {
      appender.roll();
      if (standing.roomAgain()) {
        LOG.info("audit log {} has room again", appender.name());
      }
    } catch (NoRoomException e) {
      LOG.debug("audit log {} is still full", appender.name(), e);
    }
  }

  private void writeRest() throws IOException {
    while (rest != null) {
      cutBatch(beside.fitting(rest, appender.fitting(rest)));
      try {
        writeBatch();
      } catch (NoRoomException e) {
        full(e);
      }
    }
  }

  private void cutBatch(int count) {
    batch.clear();
    for (int i = 0; i < count; i++) {
      Pending row = Objects.requireNonNull(rest);
      rest = row.next;
      row.next = null;
      batch.add(row);
    }
  }

  private void writeBatch() throws IOException {
    int rows = 0;
    long bytes = 0;
    long frameBytes = 0;
    for (Pending row : batch) {
      frameBytes += row.frameBytes();
      if (row.counted) {
        rows++;
        bytes += row.queuedBytes();
      }
    }
    appender.makeRoom(frameBytes);
    beside.makeRoom(durable().rows(), batch);
    batch.removeIf(this::refusedByCalls);
    if (!batch.isEmpty()) {
      beside.keep(durable().rows(), batch);
      appender.append(batch);
    }
    written = new Written(appender.name(), appender.tip());
    calls.publish();
    queue.release(rows, bytes);
    completeBatch();
    appender.prepareNext();
  }

  private boolean refusedByCalls(Pending row) {
    String why = calls.admit(row);
    if (!why.isEmpty()) {
      row.completeExceptionally(new IllegalArgumentException(why));
    }
    return !why.isEmpty();
  }

  private void completeBatch() {
    for (Pending row : batch) {
      AuditReceipt receipt = Objects.requireNonNull(row.receipt);
      row.complete(receipt);
    }
    batch.clear();
  }

  private void full(NoRoomException e) {
    String reason = e.getMessage() + " (" + e.getCause() + "); free space, it looks by itself";
    if (standing.full(reason)) {
      LOG.error("audit log {} takes no rows: {}", appender.name(), reason);
    }
    refuseInHand(new AuditUnavailableException("the audit log takes no rows: " + reason, e));
  }

  private void poison(Throwable e) {
    if (standing.poison("its disk failed (" + e + "); check the disk, then start again")) {
      LOG.error("audit log {} is poisoned; every call is refused", appender.name(), e);
    }
    refuseInHand(standing.refusal());
    try {
      appender.close();
    } catch (IOException | RuntimeException closing) {
      LOG.warn("audit log {}: closing its files failed as well", appender.name(), closing);
    }
  }

  private void refuseInHand(AuditUnavailableException why) {
    batch.forEach(row -> refuse(row, why));
    batch.clear();
    Pending row = rest;
    rest = null;
    refuseAll(row, why);
  }

  private void refuseQueued() {
    refuseAll(queue.takeAll(), standing.refusal());
  }

  private void refuseAll(@Nullable Pending first, AuditUnavailableException why) {
    for (Pending row = first; row != null; row = row.next) {
      refuse(row, why);
    }
  }

  private void refuse(Pending row, AuditUnavailableException why) {
    if (row.counted) {
      queue.release(1, row.queuedBytes());
    }
    row.completeExceptionally(why);
  }

  /** Gives every open call an outcome and closes the stream. */
  private void seal() throws IOException {
    if (standing.over()) {
      throw new IOException(standing.reason());
    }
    try {
      for (Map<String, Object> intent : calls.left()) {
        queue.add(PendingRows.own(ControlRows.unknownOutcome(intent, CLOSED_BEFORE)));
      }
      rest = queue.takeAll();
      writeOwn();
      queue.add(PendingRows.own(ControlRows.sealed(durable().rows(), 0)));
      rest = queue.takeAll();
      writeOwn();
      appender.trimAndClose();
    } catch (NoRoomException e) {
      LOG.error("audit log {} is closed without a seal: the disk is full", appender.name(), e);
      appender.close();
    }
  }

  private void writeOwn() throws IOException {
    while (rest != null) {
      cutBatch(beside.fitting(rest, appender.fitting(rest)));
      writeBatch();
    }
  }
}
