package dev.gatehouse.audit.verify;

import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.Inheritance;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.segment.Tail;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Checks one whole stream on disk: what the walker checks, and what {@link RowChecks} does. Bounded
 * memory; single thread.
 */
public final class StreamCheck implements Closeable {

  /**
   * What was found.
   *
   * @param sealed whether the stream was closed in order
   * @param tail what lies behind its last row; {@link Tail.Clean} or {@link Tail.Torn}
   * @param segment the segment in which it ends
   * @param endOffset where in that segment
   * @param checkpoints how many checkpoints were met
   */
  public record Result(
      Tip tip, boolean sealed, Tail tail, int segment, long endOffset, int checkpoints) {}

  /** Sees each row that holds. */
  interface Besides {
    void see(WalkedRow row, RowChecks checks) throws IOException, BrokenChainException;
  }

  private final Path dir;
  private final StreamWalker walker;
  private final RowChecks checks;
  private Besides besides = (_, _) -> {};

  /**
   * @param from where the stream before ends; its rows are not used
   */
  public StreamCheck(
      AuditLayout layout,
      StreamName name,
      Inheritance from,
      Pairing pairing,
      StreamNotes witnessed,
      KeyChain keys,
      Expiries expiries)
      throws IOException {
    this.dir = layout.stream(name);
    this.walker = StreamWalker.fromStart(dir, name, HexFormat.of().parseHex(from.tip().link()));
    this.checks = new RowChecks(from, pairing, witnessed, keys, expiries, walker.hasher());
  }

  /** Lets something else see each row too. */
  StreamCheck besides(Besides also) {
    besides = also;
    return this;
  }

  /**
   * Walks the stream to its end.
   *
   * @param last whether it is the last of its lineage: then it may still be written, or be torn
   */
  public Result run(boolean last) throws IOException, BrokenChainException {
    Tail tail;
    do {
      while (walker.next()) {
        checks.see(walker);
        besides.see(walker, checks);
      }
      tail = tail(last);
    } while (tail == null);
    if (AuditLayout.segmentsBehindGap(dir)) {
      throw walker.brokenNext("a segment is gone, and later ones are here");
    }
    Tip tip = checks.end(walker);
    return new Result(
        tip, checks.sealed(), tail, walker.segment(), walker.endOffset(), checks.checkpoints());
  }

  private @Nullable Tail tail(boolean last) throws IOException, BrokenChainException {
    Tail tail = walker.tail().orElse(null);
    return switch (tail) {
      case null -> null;
      case Tail.Clean clean -> clean;
      case Tail.Corrupt corrupt -> throw walker.corrupt(corrupt);
      case Tail.Torn torn -> {
        if (checks.sealed() || !last) {
          throw walker.corrupt(
              new Tail.Corrupt(
                  checks.sealed()
                      ? "bytes behind the seal"
                      : "a torn end, and a later stream follows"));
        }
        yield torn;
      }
    };
  }

  @Override
  public void close() throws IOException {
    walker.close();
  }
}
