package dev.gatehouse.gateway.rows;

import dev.gatehouse.audit.export.ExportedRows;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.row.StoredRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The rows of a record, handed out from the first one on as often as asked. */
public interface RecordedRows {

  /** Takes a row; says whether to go on. */
  interface Visitor {
    boolean visit(StoredRow row);
  }

  /** Hands out the rows in their order, stream by stream. Blocks on the disk. */
  void each(Visitor visitor) throws IOException;

  /** Those of an audit directory. */
  static RecordedRows ofDirectory(Path dir) {
    return visitor -> {
      for (String lineage : AuditReader.lineages(dir)) {
        try (AuditReader reader = AuditReader.unhashed(dir, lineage, new Start.Oldest())) {
          Optional<StoredRow> row = reader.poll();
          while (row.isPresent()) {
            if (!visitor.visit(row.get())) {
              return;
            }
            row = reader.poll();
          }
        }
      }
    };
  }

  /** Those of an export. */
  static RecordedRows ofExport(Path file) {
    return visitor -> {
      try (ExportedRows exported = ExportedRows.open(file)) {
        Optional<StoredRow> row = exported.poll();
        while (row.isPresent()) {
          if (!visitor.visit(row.get())) {
            return;
          }
          row = exported.poll();
        }
      }
    };
  }
}
