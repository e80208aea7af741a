package dev.gatehouse.audit.export;

import dev.gatehouse.audit.body.BodyReader;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.personal.VaultReader.Kept;
import dev.gatehouse.audit.row.NotCanonicalException;
import dev.gatehouse.audit.row.RowScanner;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.verify.BodyLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The lines of an export about bodies, each checked before it is written. Single thread. */
final class ExportedBodies {

  private final BodyReader reader;
  private final BodyLedger ledger = new BodyLedger();
  private final RowScanner scanner = new RowScanner();

  ExportedBodies(Path dir) {
    this.reader = BodyReader.of(dir);
  }

  /** What stands behind a row about its body; empty when the row keeps none. */
  Optional<String> line(StreamWalker row) throws IOException, BrokenChainException {
    try {
      scanner.scan(row.buffer(), row.textAt(), row.textBytes());
    } catch (NotCanonicalException e) {
      throw row.brokenHere(String.valueOf(e.getMessage()));
    }
    ledger.see(row, scanner.type().equals("event") ? scanner.event() : "");
    return scanner.keepsBody() ? Optional.of(about(row)) : Optional.empty();
  }

  private String about(StreamWalker row) throws IOException, BrokenChainException {
    return switch (reader.of(row.name().toString(), row.seq())) {
      case Kept.Known(var body) -> {
        ledger.body(row, body);
        yield ExportFormat.body(row.seq(), body);
      }
      case Kept.Erased(var key) -> {
        ledger.erased(row, key);
        yield ExportFormat.bodyErased(row.seq(), key);
      }
      case Kept.Absent _ -> {
        ledger.gone(row);
        yield ExportFormat.bodyGone(row.seq());
      }
    };
  }

  void streamExpired() {
    ledger.streamExpired();
  }

  /** At the end: an export whose bodies are not all explained would be refused. */
  void end() throws IOException {
    try {
      ledger.end();
    } catch (BrokenChainException e) {
      throw new IOException(
          e.getMessage() + "; if bodies were let go or erased just now, export again", e);
    }
  }
}
