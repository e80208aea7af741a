package dev.gatehouse.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Checks one whole stream: what the walker checks, and that each row is canonical, that the log's
 * own rows say what is so, that calls pair, and that every witnessed checkpoint is met. Bounded
 * memory; single thread.
 */
final class StreamCheck implements Closeable {

  /**
   * What was found.
   *
   * @param sealed whether the stream was closed in order
   * @param tail what lies behind its last row; {@link Tail.Clean} or {@link Tail.Torn}
   * @param segment the segment in which it ends
   * @param endOffset where in that segment
   * @param checkpoints how many checkpoints were met
   */
  record Result(Tip tip, boolean sealed, Tail tail, int segment, long endOffset, int checkpoints) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path dir;
  private final StreamWalker walker;
  private final Inheritance from;
  private final Pairing pairing;
  private final WitnessedStream witnessed;
  private final RowScanner row = new RowScanner();
  private final MerkleTree tree;
  private boolean sealed;

  /**
   * @param from where the stream before ends; its rows are not used
   */
  StreamCheck(
      AuditLayout layout,
      StreamName name,
      Inheritance from,
      Pairing pairing,
      WitnessedStream witnessed)
      throws IOException {
    this.dir = layout.stream(name);
    this.walker = StreamWalker.fromStart(dir, name, HexFormat.of().parseHex(from.tip().link()));
    this.from = from;
    this.pairing = pairing;
    this.witnessed = witnessed;
    this.tree = new MerkleTree(walker.hasher());
  }

  /**
   * Walks the stream to its end.
   *
   * @param last whether it is the last of its lineage: then it may still be written, or be torn
   */
  Result run(boolean last) throws IOException, BrokenChainException {
    Tail tail;
    do {
      while (walker.next()) {
        seeRow();
      }
      tail = tail(last);
    } while (tail == null);
    if (AuditLayout.segmentsBehindGap(dir)) {
      throw walker.brokenNext("a segment is gone, and later ones are here");
    }
    if (walker.rows() == 0) {
      throw walker.brokenNext("the stream has no row");
    }
    witnessed.end(walker);
    if (sealed && pairing.oldest().isPresent()) {
      throw new BrokenChainException(pairing.oldest().orElseThrow());
    }
    Tip tip = new Tip(walker.rows(), walker.linkHex(), walker.tsMicros());
    return new Result(tip, sealed, tail, walker.segment(), walker.endOffset(), witnessed.met());
  }

  private @Nullable Tail tail(boolean last) throws IOException, BrokenChainException {
    Tail tail = walker.tail().orElse(null);
    return switch (tail) {
      case null -> null;
      case Tail.Clean clean -> clean;
      case Tail.Corrupt corrupt -> throw walker.corrupt(corrupt);
      case Tail.Torn torn -> {
        if (sealed || !last) {
          throw walker.corrupt(
              new Tail.Corrupt(
                  sealed ? "bytes behind the seal" : "a torn end, and a later stream follows"));
        }
        yield torn;
      }
    };
  }

  private void seeRow() throws IOException, BrokenChainException {
    if (sealed) {
      throw walker.brokenHere("a row behind the seal");
    }
    try {
      row.scan(walker.buffer(), walker.textAt(), walker.textBytes());
    } catch (NotCanonicalException e) {
      throw walker.brokenHere(String.valueOf(e.getMessage()));
    }
    if (walker.seq() == 0 && walker.tsMicros() < from.tip().tsMicros()) {
      throw walker.brokenHere("its time lies before the end of the stream before");
    }
    tree.append(walker.leaf());
    seeControlRow();
    pairing.see(row, walker);
    witnessed.see(walker, tree);
  }

  private void seeControlRow() throws IOException, BrokenChainException {
    boolean event = row.type().equals("event");
    String name = event ? row.event() : "";
    if (walker.seq() == 0 != name.equals(ControlRows.OPENED)) {
      throw walker.brokenHere("an opening row is the first of a stream, and only that");
    }
    boolean recoveryDue = walker.seq() == 1 && !from.sealed();
    if (recoveryDue != name.equals(ControlRows.RECOVERED)) {
      throw walker.brokenHere(
          recoveryDue
              ? "the stream before was not sealed, and no recovery is recorded here"
              : "a recovery is recorded where none was due");
    }
    switch (name) {
      case ControlRows.OPENED -> opened(json());
      case ControlRows.RECOVERED -> recovered(json());
      case ControlRows.CHECKPOINT -> witnessed.recorded(walker, json());
      case ControlRows.SEALED -> sealed = true;
      default -> {}
    }
  }

  private JsonNode json() throws IOException {
    return JSON.readTree(walker.text());
  }

  private void opened(JsonNode json) throws BrokenChainException {
    require(json, "stream", walker.name().toString());
    require(json, "previous_stream", from.stream());
    require(json, "previous_sealed", Boolean.toString(from.sealed()));
    require(json, "previous_rows", Long.toString(from.tip().rows()));
    require(json, "previous_link", from.tip().link());
  }

  private void recovered(JsonNode json) throws BrokenChainException {
    require(json, "stream", from.stream());
    require(json, "rows", Long.toString(from.tip().rows()));
    require(json, "link", from.tip().link());
  }

  private void require(JsonNode json, String name, String expected) throws BrokenChainException {
    String found = json.path(name).asText();
    if (!found.equals(expected)) {
      throw walker.brokenHere(
          "its " + name + " is '" + found + "', and '" + expected + "' is what there is");
    }
  }

  @Override
  public void close() throws IOException {
    walker.close();
  }
}
