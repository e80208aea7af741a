package dev.gatehouse.audit.read;

import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.segment.Tail;
import dev.gatehouse.core.audit.AuditReceipt;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one lineage of streams in their order, from a place on, and follows it as it
 * grows, over segments and restarts. Checks the chain from its place on, but is no verifier.
 *
 * <p>Reads only; may run beside the gateway. Single thread; blocks on the disk.
 */
public final class AuditReader implements Closeable {

  /** Where to begin. */
  public sealed interface Start {

    /** With the first row of the first stream. */
    record Oldest() implements Start {}

    /**
     * With this row, or with the first behind it when its stream has expired.
     *
     * @param stream the stream's name
     * @param seq the row's number
     */
    record At(String stream, long seq) implements Start {}

    /** With the last rows that there are now, of the newest stream. */
    record Newest(int rows) implements Start {}
  }

  private final AuditLayout layout;
  private final String lineage;
  private final boolean hashed;
  private @Nullable StreamWalker walker;
  private long skipBelow;

  private AuditReader(AuditLayout layout, String lineage, boolean hashed) {
    this.layout = layout;
    this.lineage = lineage;
    this.hashed = hashed;
  }

  /** The lineages of an audit directory: {@code node-class}. */
  public static List<String> lineages(Path dir) throws IOException {
    return List.copyOf(new AuditLayout(dir).lineages().keySet());
  }

  /** The newest stream of each lineage. */
  public static List<String> newestStreams(Path dir) throws IOException {
    return new AuditLayout(dir)
        .lineages().values().stream().map(streams -> streams.getLast().toString()).toList();
  }

  /**
   * Opens a reader.
   *
   * @throws IOException when there is no such stream or row, or it cannot be read
   */
  public static AuditReader open(Path dir, String lineage, Start start) throws IOException {
    return opened(new AuditReader(new AuditLayout(dir), lineage, true), start);
  }

  /** Opens a reader that looks at checksums and numbers, not at hashes and links: a cheap one. */
  public static AuditReader unhashed(Path dir, String lineage, Start start) throws IOException {
    return opened(new AuditReader(new AuditLayout(dir), lineage, false), start);
  }

  private static AuditReader opened(AuditReader reader, Start start) throws IOException {
    switch (start) {
      case Start.Oldest() -> {}
      case Start.At(String stream, long seq) -> reader.moveTo(stream, seq);
      case Start.Newest(int rows) -> reader.moveToLast(rows);
    }
    return reader;
  }

  /**
   * The next row; empty at the present end.
   *
   * @throws IOException when a row does not hold, naming it, or cannot be read
   */
  public Optional<StoredRow> poll() throws IOException {
    return next() ? Optional.of(row(walked())) : Optional.empty();
  }

  /**
   * Steps to the next row, which {@link #row()} then shows; false at the present end.
   *
   * @throws IOException when a row does not hold, naming it, or cannot be read
   */
  public boolean next() throws IOException {
    try {
      while (walker != null || openFirst()) {
        StreamWalker at = Objects.requireNonNull(walker);
        if (!at.next()) {
          Optional<StreamName> later = after(at.name().epoch());
          if (later.isEmpty()) {
            return false;
          }
          // Rows may have come between the two looks; once there is a later stream, none come any
          // more.
          if (!at.next()) {
            requireWhole(at);
            moveTo(later.get(), 0);
            skipBelow = 0;
            continue;
          }
        }
        if (at.seq() >= skipBelow) {
          return true;
        }
      }
      return false;
    } catch (BrokenChainException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** A stream that another follows has an orderly end, since recovery cut off what was torn. */
  private static void requireWhole(StreamWalker at) throws IOException, BrokenChainException {
    switch (at.tail().orElseGet(Tail.Clean::new)) {
      case Tail.Clean _ -> {}
      case Tail.Corrupt corrupt -> throw at.corrupt(corrupt);
      case Tail.Torn _ ->
          throw at.corrupt(new Tail.Corrupt("a torn end, and a later stream follows"));
    }
  }

  /**
   * Where the row that was polled last lies.
   *
   * @throws IllegalStateException before the first
   */
  public RowPlace place() {
    StreamWalker at = walked();
    return new RowPlace(at.name().toString(), at.seq(), at.segment(), at.rowOffset());
  }

  /**
   * The row that was stepped to last, in the reader's own buffer.
   *
   * @throws IllegalStateException before the first
   */
  public WalkedRow row() {
    return walked();
  }

  /**
   * The hash of that row's text, in lower-case hexadecimal, which the chain holds; of a reader that
   * hashes.
   *
   * @throws IllegalStateException before the first
   */
  public String payloadHash() {
    return walked().payloadHashHex();
  }

  private StreamWalker walked() {
    StreamWalker at = walker;
    if (at == null) {
      throw new IllegalStateException("no row was read yet");
    }
    return at;
  }

  /** The next row; waits for it, looking anew every so often. */
  public StoredRow take(Duration pollEvery) throws IOException, InterruptedException {
    while (true) {
      Optional<StoredRow> row = poll();
      if (row.isPresent()) {
        return row.get();
      }
      TimeUnit.NANOSECONDS.sleep(pollEvery.toNanos());
    }
  }

  private static StoredRow row(StreamWalker at) {
    return StoredRow.of(
        new AuditReceipt(at.name().toString(), at.seq(), at.linkHex()), at.tsMicros(), at.text());
  }

  private Optional<StreamName> after(long epoch) throws IOException {
    return streams().stream()
        .filter(name -> name.epoch() > epoch && !Files.exists(layout.expired(name)))
        .findFirst();
  }

  private boolean openFirst() throws IOException {
    Optional<StreamName> first = after(0);
    if (first.isPresent()) {
      moveTo(first.get(), 0);
    }
    return first.isPresent();
  }

  private List<StreamName> streams() throws IOException {
    return layout.lineages().getOrDefault(lineage, List.of());
  }

  private void moveTo(String stream, long seq) throws IOException {
    StreamName name =
        streams().stream()
            .filter(each -> each.toString().equals(stream))
            .findFirst()
            .orElseThrow(() -> new IOException("no stream " + stream + " of " + lineage));
    if (Files.exists(layout.expired(name))) {
      // Something stands behind it: the stream that says so.
      StreamName next =
          after(name.epoch())
              .orElseThrow(() -> new IOException(name + " expired; its rows are gone"));
      moveTo(next, 0);
      skipBelow = 0;
      return;
    }
    int segment = AuditLayout.segmentCount(layout.stream(name)) - 1;
    while (segment > 0 && firstSeq(name, segment) > seq) {
      segment--;
    }
    moveTo(name, Math.max(segment, 0));
    skipBelow = seq;
  }

  /** Number of the segment's first row; beyond all numbers while it has none. */
  private long firstSeq(StreamName name, int segment) throws IOException {
    try (StreamWalker first = StreamWalker.fromSegment(layout.stream(name), name, segment)) {
      return first.next() ? first.seq() : Long.MAX_VALUE;
    } catch (BrokenChainException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void moveToLast(int rows) throws IOException {
    List<StreamName> streams = streams();
    if (streams.isEmpty()) {
      return;
    }
    StreamName newest = streams.getLast();
    int segments = AuditLayout.segmentCount(layout.stream(newest));
    long end = 0;
    try (StreamWalker last =
        StreamWalker.fromSegment(layout.stream(newest), newest, Math.max(0, segments - 2))) {
      while (last.next()) {
        end = last.rows();
      }
    } catch (BrokenChainException e) {
      throw new IOException(e.getMessage(), e);
    }
    moveTo(newest.toString(), Math.max(0, end - rows));
  }

  private void moveTo(StreamName name, int segment) throws IOException {
    close();
    Path stream = layout.stream(name);
    walker =
        hashed
            ? StreamWalker.fromSegment(stream, name, segment)
            : StreamWalker.unhashed(stream, name, segment);
  }

  @Override
  public void close() throws IOException {
    if (walker != null) {
      walker.close();
      walker = null;
    }
  }
}
