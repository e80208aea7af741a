package dev.gatehouse.audit.body;

import dev.gatehouse.audit.personal.SubjectKeys;
import dev.gatehouse.audit.personal.Vault;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bodies of one stream: each once for a subject and a file, by its digest. Written by the
 * stream's writer; blocks on the disk.
 *
 * <p>A file takes bodies for a tenth of the time that they are kept, a day at most, since it goes
 * as a whole.
 */
public final class BodyStore implements Closeable {

  /** Stands before the number of the row beside which the same body lies. */
  static final String LIKE = "@";

  /** The longest such number, and what stands before it. */
  static final int LIKE_BYTES_MAX = 20;

  private static final Duration SPAN_MAX = Duration.ofDays(1);

  /** A body and the row that it goes beside. */
  public record Beside(long seq, Body body) {}

  private record Known(long key, String digest) {}

  private final Vault vault;
  private final SubjectKeys keys;
  private final Duration span;
  private final InstantSource clock;
  private final Runnable begun;
  private final Map<Known, Long> kept = new HashMap<>();
  private Instant full = Instant.MIN;
  private boolean writing;

  /**
   * @param keep how long a body is kept
   * @param begun hears that another file was begun, so that the oldest may have to go; must not
   *     block
   */
  public BodyStore(
      Vault vault, SubjectKeys keys, Duration keep, InstantSource clock, Runnable begun) {
    this.vault = vault;
    this.keys = keys;
    Duration tenth = keep.dividedBy(10);
    this.span = tenth.compareTo(SPAN_MAX) < 0 ? tenth : SPAN_MAX;
    this.clock = clock;
    this.begun = begun;
  }

  /**
   * Makes sure that so many bytes fit.
   *
   * @param nextSeq the next row
   * @throws IOException when there is no room, which may be tried again, or the disk fails
   */
  public synchronized void makeRoom(long nextSeq, long bytes) throws IOException {
    Instant now = clock.instant();
    if (now.isAfter(full)) {
      vault.close();
    }
    writing = true;
    if (vault.makeRoom(nextSeq, bytes)) {
      kept.clear(); // a file stands for itself
      full = now.plus(span);
      begun.run();
    }
  }

  /** Writes these bodies and syncs; there must be room. */
  public synchronized void keep(List<Beside> bodies, int bytesMax) throws IOException {
    List<Vault.Row> rows = new ArrayList<>(bodies.size());
    for (Beside each : bodies) {
      Known known = new Known(keys.of(each.body().subject).id(), each.body().digest);
      Long other = kept.putIfAbsent(known, each.seq());
      rows.add(other == null ? each.body().whole(each.seq()) : each.body().like(each.seq(), other));
    }
    vault.keep(rows, bytesMax);
    writing = false;
  }

  /**
   * Writes no more to the file at hand, so that it can be let go; false while something is about to
   * be written to it. Any thread.
   */
  public synchronized boolean leave() throws IOException {
    if (!writing) {
      vault.close();
    }
    return !writing;
  }

  @Override
  public synchronized void close() throws IOException {
    vault.close();
  }
}
