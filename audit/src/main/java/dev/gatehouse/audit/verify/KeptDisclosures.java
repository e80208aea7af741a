package dev.gatehouse.audit.verify;

import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.personal.Disclosures;
import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.personal.VaultReader;
import dev.gatehouse.audit.personal.VaultReader.Kept;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an audit directory keeps of the values that rows commit to, held against the rows. Single
 * thread.
 */
final class KeptDisclosures {

  private final Optional<VaultReader> vaults;
  private long known;
  private long erased;
  private long absent;

  KeptDisclosures(Path dir) {
    this.vaults =
        Files.isDirectory(Reveal.vaults(dir)) ? Optional.of(Reveal.reader(dir)) : Optional.empty();
  }

  /** Holds what is kept about a row against it. */
  void see(WalkedRow row) throws IOException, BrokenChainException {
    if (vaults.isEmpty()
        || !CommittedRow.mayCommit(row)
        || CommittedRow.commitments(row).isEmpty()) {
      return;
    }
    switch (vaults.get().of(row.name().toString(), row.seq())) {
      case Kept.Known(var kept) -> {
        String bad = CommittedRow.check(row.text(), Disclosures.texts(kept));
        if (!bad.isEmpty()) {
          throw row.brokenHere(bad);
        }
        known++;
      }
      case Kept.Erased _ -> erased++;
      case Kept.Absent _ -> absent++;
    }
  }

  /** What was found, for people. */
  List<String> lines() {
    return known + erased + absent == 0
        ? List.of()
        : List.of(
            "of rows that commit to values, %,d have theirs here, %,d had them erased, %,d have none here"
                .formatted(known, erased, absent));
  }
}
