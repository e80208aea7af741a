package dev.gatehouse.audit.retain;

import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A stream of an audit directory, and what was said of how long it is kept.
 *
 * @param end where it ends
 * @param terms until when it is kept, and who holds it; empty when nobody said
 */
public record KeptStream(StreamName stream, State state, Tip end, Optional<SealedStream> terms) {

  /** Whether a stream's rows are there, and more may come. */
  public enum State {
    /** The last of its lineage: it is being written, or will be followed. */
    NEWEST,
    /** Another follows it. */
    ENDED,
    /** Its rows were let go. */
    EXPIRED
  }

  /**
   * All streams of a directory, by lineage and epoch. Reads only; may run beside the gateway.
   *
   * @throws IOException when one cannot be read, or its end does not hold
   */
  public static List<KeptStream> of(Path dir) throws IOException {
    AuditLayout layout = new AuditLayout(dir);
    List<KeptStream> all = new ArrayList<>();
    for (List<StreamName> lineage : layout.lineages().values()) {
      for (StreamName stream : lineage) {
        all.add(of(layout, stream, stream.equals(lineage.getLast())));
      }
    }
    return all;
  }

  private static KeptStream of(AuditLayout layout, StreamName stream, boolean last)
      throws IOException {
    Optional<SealedStream> terms = SealedStream.of(layout, stream);
    try {
      Optional<ExpiredStream> gone = ExpiredStream.of(layout, stream);
      if (gone.isPresent()) {
        return new KeptStream(stream, State.EXPIRED, gone.get().tip(), terms);
      }
      return new KeptStream(
          stream, last ? State.NEWEST : State.ENDED, StreamEnd.of(layout, stream), terms);
    } catch (BrokenChainException | IllegalArgumentException e) {
      throw new IOException(stream + ": " + e.getMessage(), e);
    }
  }
}
