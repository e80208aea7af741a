package dev.gatehouse.audit;

import dev.gatehouse.audit.disk.Threads;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.retain.Retention;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after classes whose rows are kept for a time, on a thread of its own: lets a stream end and
 * another begin when it has become old, seals those that ended, and lets go of those whose day has
 * come. What fails is tried again with the next round.
 */
final class Custodian implements AutoCloseable {

  static final Duration LOOK_EVERY = Duration.ofMinutes(10);

  /** A stream gets no older than so many days, nor than a tenth of the time its rows are kept. */
  static final int ROLL_DAYS_MAX = 30;

  private static final int ROLLS_PER_TIME = 10;
  private static final Logger LOG = LoggerFactory.getLogger(Custodian.class);

  private final List<LineageLog> lineages;
  private final Retention retention;
  private final Map<String, Period> keep;
  private final InstantSource clock;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile String failure = "";

  /**
   * @param keep how long rows of which class are kept; of the others nothing ends and nothing goes
   */
  Custodian(
      List<LineageLog> lineages,
      Retention retention,
      Map<String, Period> keep,
      InstantSource clock) {
    this.lineages = List.copyOf(lineages);
    this.retention = retention;
    this.keep = Map.copyOf(keep);
    this.clock = clock;
    this.thread = Thread.ofPlatform().daemon().name("audit-custodian").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Why the last round was not done to its end; empty when it was. */
  String failure() {
    return failure;
  }

  private void run() {
    if (keep.isEmpty()) {
      return;
    }
    try {
      while (!stopping.await(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
        attempt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attempt() {
    try {
      var _ = round();
      failure = "";
    } catch (IOException | AuditUnavailableException | CompletionException e) {
      failure = "streams were not ended or let go as the config says: " + e.getMessage();
      LOG.error("{}", failure);
    }
  }

  /**
   * Does now what is due.
   *
   * @return what stays of the streams that went
   * @throws IOException when a stream does not hold, or there is no room
   */
  synchronized List<ExpiredStream> round() throws IOException {
    for (LineageLog each : lineages) {
      Period time = keep.get(each.live().retentionClass());
      if (time != null && !clock.instant().isBefore(each.since().plus(rollAfter(time)))) {
        each.roll();
      }
    }
    List<ExpiredStream> gone = retention.tend(keep);
    gone.forEach(each -> LOG.info("audit stream {} expired", each.stream()));
    return gone;
  }

  /** How old a stream gets whose rows are kept that long. */
  static Duration rollAfter(Period keep) {
    long days = ChronoUnit.DAYS.between(LocalDate.EPOCH, LocalDate.EPOCH.plus(keep));
    return Duration.ofDays(Math.clamp(days / ROLLS_PER_TIME, 1, ROLL_DAYS_MAX));
  }

  /** Ends; waits for a round under way. */
  @Override
  public void close() {
    stopping.countDown();
    Threads.join(thread);
  }
}
