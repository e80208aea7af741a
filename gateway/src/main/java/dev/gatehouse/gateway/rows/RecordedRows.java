package dev.gatehouse.gateway.rows;

import dev.gatehouse.audit.body.BodyReader;
import dev.gatehouse.audit.export.ExportedRows;
import dev.gatehouse.audit.personal.VaultReader.Kept;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.core.audit.AuditReceipt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The rows of a record, handed out from the first one on as often as asked. */
public interface RecordedRows {

  /** Takes a row and its body; says whether to go on. */
  interface Visitor {
    boolean visit(StoredRow row, Body body) throws IOException;
  }

  /** What a row has the digest of, canonical JSON; empty where it is not there. */
  interface Body {
    Optional<String> find() throws IOException;
  }

  /** Hands out the rows in their order, stream by stream. Blocks on the disk. */
  void each(Visitor visitor) throws IOException;

  /** Those of an audit directory. */
  static RecordedRows ofDirectory(Path dir) {
    return visitor -> {
      BodyReader bodies = BodyReader.of(dir);
      for (String lineage : AuditReader.lineages(dir)) {
        try (AuditReader reader = AuditReader.unhashed(dir, lineage, new Start.Oldest())) {
          Optional<StoredRow> row = reader.poll();
          while (row.isPresent()) {
            AuditReceipt place = row.get().receipt();
            if (!visitor.visit(row.get(), () -> body(bodies, place))) {
              return;
            }
            row = reader.poll();
          }
        }
      }
    };
  }

  private static Optional<String> body(BodyReader bodies, AuditReceipt row) throws IOException {
    return bodies.of(row.stream(), row.seq()) instanceof Kept.Known(var body)
        ? Optional.of(body)
        : Optional.empty();
  }

  /** Those of an export. */
  static RecordedRows ofExport(Path file) {
    return visitor -> {
      try (ExportedRows exported = ExportedRows.open(file)) {
        Optional<StoredRow> row = exported.poll();
        while (row.isPresent()) {
          if (!visitor.visit(row.get(), exported::body)) {
            return;
          }
          row = exported.poll();
        }
      }
    };
  }
}
