package dev.gatehouse.audit.segment;

import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import java.io.IOException;
import java.nio.file.Path;

/** Finds where a stream ends, in its last segment; whether each row holds is for the verifier. */
public final class StreamEnd {

  private StreamEnd() {}

  /**
   * Where the stream ends now.
   *
   * @throws BrokenChainException when its last segment does not hold, or none is there
   */
  public static Tip of(AuditLayout layout, StreamName stream)
      throws IOException, BrokenChainException {
    Path dir = layout.stream(stream);
    int segments = AuditLayout.segmentCount(dir);
    if (segments == 0) {
      throw new BrokenChainException(
          new BadRow(stream.toString(), 0, dir, 0, "the stream's first segment is gone"));
    }
    try (StreamWalker walker =
        StreamWalker.fromSegment(dir, stream, lastUsed(dir, stream, segments))) {
      while (walker.next()) {
        // The end is what counts.
      }
      return new Tip(walker.rows(), walker.linkHex(), walker.tsMicros());
    }
  }

  /** The last segment may hold nothing, when the process ended before it wrote there. */
  private static int lastUsed(Path dir, StreamName stream, int segments)
      throws IOException, BrokenChainException {
    int last = segments - 1;
    while (last > 0) {
      try (StreamWalker walker = StreamWalker.fromSegment(dir, stream, last)) {
        if (walker.next()) {
          return last;
        }
      }
      last--;
    }
    return last;
  }
}
