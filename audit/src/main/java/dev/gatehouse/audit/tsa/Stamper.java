package dev.gatehouse.audit.tsa;

import dev.gatehouse.audit.disk.Threads;
import dev.gatehouse.audit.note.FleetCheckpoint;
import dev.gatehouse.audit.stamp.Stamp;
import dev.gatehouse.audit.stamp.StampAuthorities;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the newest fleet checkpoint be stamped, on a thread of its own. One that was overtaken
 * before it was stamped needs no stamp, since the newer one covers it. A failure is tried again, is
 * told by {@link #state}, and holds nothing up.
 *
 * <p>{@link #due} and {@link #state} do not block; any thread.
 */
public final class Stamper implements AutoCloseable {

  /** The pause after a failure doubles from the first to the longest. */
  static final Duration PAUSE_FIRST = Duration.ofSeconds(1);

  static final Duration PAUSE_MAX = Duration.ofMinutes(1);

  /** An older note waits for the next one: its stamp would not be plausible. */
  static final Duration AGE_MAX = StampAuthorities.BEHIND_MAX.minus(Duration.ofMinutes(5));

  private static final Logger LOG = LoggerFactory.getLogger(Stamper.class);

  private final StampClient client;
  private final StampAuthorities authorities;
  private final WitnessDirectory witness;
  private final Duration lateAfter;
  private final InstantSource clock;
  private final BiConsumer<String, Integer> kept;
  private final Thread thread;
  private @Nullable FleetCheckpoint due;
  private Instant lastAt;
  private Optional<Stamp> last = Optional.empty();
  private String failure = "";
  private boolean closing;

  private Stamper(
      StampPlace place,
      StampAuthorities authorities,
      WitnessDirectory witness,
      Duration lateAfter,
      InstantSource clock,
      BiConsumer<String, Integer> kept) {
    this.client = new StampClient(place);
    this.authorities = authorities;
    this.witness = witness;
    this.lateAfter = lateAfter;
    this.clock = clock;
    this.kept = kept;
    this.lastAt = clock.instant();
    this.thread = Thread.ofPlatform().daemon().name("audit-stamp").unstarted(this::run);
  }

  /**
   * Begins to stamp what is due.
   *
   * @param lateAfter how long no stamp may be kept before that is late
   * @param kept hears of each stamp: the fleet log and the checkpoint's number
   */
  public static Stamper start(
      StampPlace place,
      StampAuthorities authorities,
      WitnessDirectory witness,
      Duration lateAfter,
      InstantSource clock,
      BiConsumer<String, Integer> kept) {
    Stamper stamper = new Stamper(place, authorities, witness, lateAfter, clock, kept);
    stamper.thread.start();
    return stamper;
  }

  /** This checkpoint was kept. */
  public synchronized void due(FleetCheckpoint checkpoint) {
    due = checkpoint;
    notifyAll();
  }

  /** How it is doing. */
  public synchronized StampState state() {
    return new StampState(last, failure, clock.instant().isAfter(lastAt.plus(lateAfter)));
  }

  private void run() {
    Duration pause = PAUSE_FIRST;
    boolean end = false;
    while (!end) {
      end = awaitDue();
      FleetCheckpoint next = newest();
      if (next != null && !attempt(next) && !end) {
        end = rest(pause);
        pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
      } else {
        pause = PAUSE_FIRST;
      }
    }
  }

  /** Waits for something to do; true when it is the last time. */
  private synchronized boolean awaitDue() {
    try {
      while (!closing && due == null) {
        wait();
      }
    } catch (InterruptedException e) {
      closing = true; // only the end of the process interrupts it
    }
    return closing;
  }

  private synchronized boolean rest(Duration pause) {
    long end = System.nanoTime() + pause.toNanos();
    try {
      while (!closing && System.nanoTime() < end) {
        wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      }
    } catch (InterruptedException e) {
      closing = true;
    }
    return closing;
  }

  private synchronized @Nullable FleetCheckpoint newest() {
    if (due != null && clock.instant().isAfter(due.at().plus(AGE_MAX))) {
      due = null;
    }
    return due;
  }

  private boolean attempt(FleetCheckpoint checkpoint) {
    try {
      int number = Math.toIntExact(checkpoint.number());
      String note = witness.text(checkpoint.log(), number);
      byte[] answer = client.ask(note);
      Stamp stamp = authorities.check(answer, note, checkpoint.at());
      witness.keepStamp(checkpoint.log(), number, answer);
      done(checkpoint, stamp);
      kept.accept(checkpoint.log(), number);
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.error(
          "no time-stamp of checkpoint {} of {}: {}",
          checkpoint.number(),
          checkpoint.log(),
          e.getMessage());
      synchronized (this) {
        failure = String.valueOf(e.getMessage());
      }
      return false;
    }
  }

  private synchronized void done(FleetCheckpoint checkpoint, Stamp stamp) {
    last = Optional.of(stamp);
    lastAt = clock.instant();
    failure = "";
    if (checkpoint.equals(due)) {
      due = null;
    }
  }

  /** Tries once more to stamp what is due, and ends. */
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    Threads.join(thread);
    client.close();
  }
}
