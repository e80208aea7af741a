package dev.gatehouse.audit.postgres;

import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.disk.Threads;
import dev.gatehouse.audit.postgres.ShippedMark.Mark;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the rows of one lineage to PostgreSQL on a thread of its own: in their order, only what is
 * durable here, whatever came while the last transaction ran as the next one. After a failure it
 * begins again behind the last rows that were confirmed.
 *
 * <p>{@link #state}, {@link #confirmed} and {@link #requireKeepingUp} do not block; any thread.
 */
public final class PostgresShipper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresShipper.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration PAUSE_FIRST = Duration.ofMillis(200);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(10);
  private static final Duration MARK_EVERY = Duration.ofSeconds(1);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(10);
  private static final int BATCH_BYTES_MAX = 8 << 20;

  private final PostgresPlace place;
  private final Path dir;
  private final String lineage;
  private final Supplier<DurableRows> durable;
  private final InstantSource clock;
  private final ShippedMark markFile;
  private final Confirmations confirmations = new Confirmations();
  private final Thread thread;
  private final List<CopiedRow> batch = new ArrayList<>();
  private @Nullable Mark shipped;
  private long markedNanos;
  private volatile @Nullable Instant oldestWaiting;
  private volatile String failure = "";
  private volatile boolean closing;
  private volatile long closeBy;

  private PostgresShipper(
      PostgresPlace place, Path dir, Supplier<DurableRows> durable, InstantSource clock) {
    this.place = place;
    this.dir = dir;
    this.lineage = durable.get().stream().lineage();
    this.durable = durable;
    this.clock = clock;
    this.markFile = new ShippedMark(new AuditLayout(dir).shipped(lineage), place);
    this.thread = Thread.ofPlatform().daemon().name("audit-postgres").unstarted(this::run);
  }

  /**
   * Starts to ship what was not shipped yet; connects later, on its own thread.
   *
   * @param dir the audit directory
   * @param durable the stream being written, and how many of its rows are durable; called often,
   *     from the shipper's thread
   * @throws IOException when the file that says what was shipped cannot be read
   */
  public static PostgresShipper start(
      PostgresPlace place, Path dir, Supplier<DurableRows> durable, InstantSource clock)
      throws IOException {
    PostgresShipper shipper = new PostgresShipper(place, dir, durable, clock);
    shipper.shipped = shipper.markFile.read().orElse(null);
    shipper.thread.start();
    return shipper;
  }

  /** Whether it copies the stream's lineage. */
  boolean follows(String stream) {
    return StreamName.parse(stream).orElseThrow().lineage().equals(lineage);
  }

  /** How far it is. */
  public ShipperState state() {
    Duration waiting = waiting();
    DurableRows now = durable.get();
    long rows = confirmations.confirmed(now.stream());
    return new ShipperState(
        now.stream().toString(),
        rows,
        Math.max(0, now.rows() - rows),
        waiting,
        waiting.compareTo(place.lateAfter()) > 0,
        place.durability().waitsForDatabase() && tooLong(waiting),
        failure,
        place.durability());
  }

  private Duration waiting() {
    Instant since = oldestWaiting;
    Duration waiting = since == null ? Duration.ZERO : Duration.between(since, clock.instant());
    return waiting.isNegative() ? Duration.ZERO : waiting;
  }

  private boolean tooLong(Duration waiting) {
    return waiting.compareTo(place.ackTimeout()) > 0;
  }

  /**
   * Refuses at once what would wait in vain.
   *
   * @throws AuditUnavailableException when rows wait too long already, or too many
   */
  void requireKeepingUp() {
    if (tooLong(waiting())) {
      throw notConfirmed();
    }
    if (confirmations.size() >= place.waitingRowsMax()) {
      throw new AuditUnavailableException(
          "waiting_rows_max = " + place.waitingRowsMax() + " rows wait for " + place);
    }
  }

  private AuditUnavailableException notConfirmed() {
    return new AuditUnavailableException(
        "the database "
            + place
            + " does not confirm audit rows within ack_timeout = "
            + place.ackTimeout()
            + (failure.isEmpty() ? "" : "; " + failure));
  }

  /** Completes when the database has the row; fails when it did not take it in time. */
  CompletionStage<AuditReceipt> confirmed(AuditReceipt receipt) {
    CompletionStage<AuditReceipt> confirmed =
        confirmations
            .of(receipt)
            .orTimeout(place.ackTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(
                late -> {
                  confirmations.forget(receipt);
                  throw new CompletionException(
                      late instanceof TimeoutException ? notConfirmed() : late);
                });
    LockSupport.unpark(thread);
    return confirmed;
  }

  private void run() {
    Duration pause = PAUSE_FIRST;
    while (!follow()) {
      rest(pause);
      pause = shorter(pause.multipliedBy(2), PAUSE_MAX);
      if (failure.isEmpty()) {
        pause = PAUSE_FIRST;
      }
    }
    confirmations.end();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Ships until that fails; true when everything is shipped and the log is closed, or time is. */
  private boolean follow() {
    Optional<PostgresTable> table = Optional.empty();
    try (AuditReader reader = reader()) {
      while ((!collect(reader).isEmpty() || !closing) && !outOfTime()) {
        if (batch.isEmpty()) {
          idle();
        } else {
          if (table.isEmpty()) {
            table = Optional.of(PostgresTable.connect(place));
          }
          table.get().insert(batch);
          confirm();
        }
      }
      keepMark();
      return true;
    } catch (IOException | SQLException | RuntimeException e) {
      failed(e);
      return closing;
    } finally {
      table.ifPresent(PostgresShipper::close);
    }
  }

  private boolean outOfTime() {
    return closing && System.nanoTime() - closeBy > 0;
  }

  private AuditReader reader() throws IOException {
    Mark from = shipped;
    Start start =
        from != null && Files.exists(dir.resolve("streams").resolve(from.stream()))
            ? new Start.At(from.stream(), from.rows())
            : new Start.Oldest();
    return AuditReader.open(dir, lineage, start);
  }

  /** Takes the next rows in hand, as many as are durable and go together. */
  private List<CopiedRow> collect(AuditReader reader) throws IOException {
    batch.clear();
    long bytes = 0;
    DurableRows now = durable.get();
    while (batch.size() < place.batchRowsMax() && bytes < BATCH_BYTES_MAX) {
      if (upToDate(now) || !reader.next()) {
        break;
      }
      batch.add(CopiedRow.of(reader));
      bytes += reader.row().textBytes();
    }
    oldestWaiting =
        batch.isEmpty() ? null : Instant.EPOCH.plus(batch.getFirst().tsMicros(), ChronoUnit.MICROS);
    return batch;
  }

  /**
   * Whether the next row, if it is written, is not synced yet; a stream begins with synced ones.
   */
  private boolean upToDate(DurableRows now) {
    Mark at = batch.isEmpty() ? shipped : behind(batch.getLast());
    return at != null && at.stream().equals(now.stream().toString()) && at.rows() >= now.rows();
  }

  private static Mark behind(CopiedRow row) {
    return new Mark(row.stream(), row.seq() + 1);
  }

  private void confirm() throws IOException {
    CopiedRow last = batch.getLast();
    shipped = behind(last);
    if (!failure.isEmpty()) {
      LOG.info("audit rows go to {} again", place);
      failure = "";
    }
    confirmations.confirm(StreamName.parse(last.stream()).orElseThrow(), last.seq() + 1);
    if (System.nanoTime() - markedNanos > MARK_EVERY.toNanos()) {
      keepMark();
    }
  }

  private void keepMark() throws IOException {
    Mark at = shipped;
    if (at != null) {
      markFile.write(at);
      markedNanos = System.nanoTime();
    }
  }

  private void failed(Exception e) {
    boolean another =
        e instanceof SQLException sql && PostgresTable.ANOTHER_ROW.equals(sql.getSQLState());
    String now =
        (another ? "the database holds something else than this record: " : "")
            + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (!now.equals(failure)) {
      LOG.error("audit rows are not shipped to {}: {}", place, now);
    }
    failure = now;
    if (oldestWaiting == null) {
      oldestWaiting = clock.instant();
    }
  }

  private void idle() {
    LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
  }

  /** Waits before the next attempt, unless the log is closed meanwhile. */
  private void rest(Duration pause) {
    long until = System.nanoTime() + pause.toNanos();
    while (!closing && until - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, until - System.nanoTime());
    }
  }

  private static void close(PostgresTable table) {
    try {
      table.close();
    } catch (SQLException e) {
      LOG.debug("closing a connection failed", e);
    }
  }

  /**
   * Ships what is left, once the log is closed: until all is shipped or an attempt fails; what is
   * left then the next start ships.
   */
  @Override
  public void close() {
    closeBy = System.nanoTime() + CLOSE_MAX.toNanos();
    closing = true;
    LockSupport.unpark(thread);
    Threads.join(thread);
  }
}
