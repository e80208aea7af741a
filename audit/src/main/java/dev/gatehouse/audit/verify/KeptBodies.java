package dev.gatehouse.audit.verify;

import dev.gatehouse.audit.body.BodyReader;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.personal.VaultReader.Kept;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The bodies of an audit directory, held against its rows. Single thread. */
final class KeptBodies {

  private final Optional<BodyReader> reader;
  private final BodyLedger ledger = new BodyLedger();
  private long elsewhere;

  KeptBodies(Path dir) {
    this.reader = BodyReader.ifHere(dir);
  }

  /** Holds a row's body against it. */
  void see(WalkedRow row, RowChecks checks) throws IOException, BrokenChainException {
    ledger.see(row, checks.event());
    if (!checks.keepsBody()) {
      return;
    }
    if (reader.isEmpty()) {
      elsewhere++;
      return;
    }
    switch (reader.get().of(row.name().toString(), row.seq())) {
      case Kept.Known(var body) -> ledger.body(row, body);
      case Kept.Erased(var key) -> ledger.erased(row, key);
      case Kept.Absent _ -> ledger.gone(row);
    }
  }

  void streamExpired() {
    ledger.streamExpired();
  }

  /** At the end of the record. */
  void end() throws BrokenChainException {
    ledger.end();
  }

  /** What was found, for people. */
  List<String> lines() {
    return elsewhere == 0
        ? ledger.lines()
        : List.of(
            "%,d rows say that their bodies are kept; there are none here, or not their keys"
                .formatted(elsewhere));
  }
}
