package dev.gatehouse.audit.retain;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.row.NotCanonicalException;
import dev.gatehouse.audit.row.RowScanner;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.verify.Pairing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads a stream once more, from its first row to its last, before its rows are let go. */
final class StreamSummary {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RowScanner scanner = new RowScanner();
  private final Pairing pairing = Pairing.recovering();
  private final List<String> rotations = new ArrayList<>();
  private final List<String> carried = new ArrayList<>();
  private boolean sealed;

  private StreamSummary() {}

  /**
   * What stays of a stream.
   *
   * @throws BrokenChainException when a row does not hold: then it must stay
   */
  static ExpiredStream of(AuditLayout layout, StreamName stream, String by)
      throws IOException, BrokenChainException {
    StreamSummary summary = new StreamSummary();
    try (StreamWalker first = StreamWalker.fromSegment(layout.stream(stream), stream, 0)) {
      first.next();
      String previous = JSON.readTree(first.text()).path("previous_link").asText();
      return summary.walk(layout, stream, HexFormat.of().parseHex(previous), by);
    }
  }

  private ExpiredStream walk(AuditLayout layout, StreamName stream, byte[] previous, String by)
      throws IOException, BrokenChainException {
    try (StreamWalker walker = StreamWalker.fromStart(layout.stream(stream), stream, previous)) {
      while (walker.next()) {
        see(walker);
      }
      return ExpiredStream.of(
          stream,
          new Tip(walker.rows(), walker.linkHex(), walker.tsMicros()),
          sealed,
          List.copyOf(pairing.open().keySet()),
          rotations,
          carried,
          by);
    }
  }

  private void see(StreamWalker row) throws BrokenChainException {
    try {
      scanner.scan(row.buffer(), row.textAt(), row.textBytes());
    } catch (NotCanonicalException e) {
      throw row.brokenHere(String.valueOf(e.getMessage()));
    }
    pairing.see(scanner, row);
    switch (scanner.type().equals("event") ? scanner.event() : "") {
      case ControlRows.KEY_ROTATED -> rotations.add(row.text());
      case ControlRows.EXPIRED -> carried.add(ExpiredStream.digest(row.text()));
      case ControlRows.SEALED -> sealed = true;
      default -> {}
    }
  }
}
