package dev.gatehouse.fleet;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the notes that no process with this fleet's secret sealed, and says so in the log: at the
 * first, then at most every ten minutes. What they say is not shown. On the loop, but for the
 * number.
 */
final class ForgedNotes {

  private static final Logger LOG = LoggerFactory.getLogger(ForgedNotes.class);
  private static final Duration SAY_EVERY = Duration.ofMinutes(10);

  private final AtomicLong count = new AtomicLong();
  private final FleetLoop loop;
  private long said;
  private long saidNanos;

  ForgedNotes(FleetLoop loop) {
    this.loop = loop;
  }

  void heard(String kind, int forged) {
    long now = count.addAndGet(forged);
    if (now > said && (said == 0 || loop.nanos() - saidNanos >= SAY_EVERY.toNanos())) {
      LOG.error(
          "{} notes in the fleet's Redis (the last of kind {}) are not sealed with fleet.secret and"
              + " are ignored: a gateway of this fleet has another fleet.secret, or somebody else"
              + " writes to its Redis",
          now - said,
          kind);
      said = now;
      saidNanos = loop.nanos();
    }
  }

  /** How many were ignored since the start; from any thread. */
  long count() {
    return count.get();
  }
}
