package dev.gatehouse.gateway.rows;

import dev.gatehouse.audit.export.ExportedRows;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.policy.record.Recomputation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * All decisions of a record made again, once its rows are known to be sound. Reads them twice: the
 * rules that judged a call may stand in another stream than the call. Blocks on the disk.
 */
public final class RecordedDecisions {

  private static final int PROGRESS_ROWS = 1 << 16;

  /**
   * What came out.
   *
   * @param difference the first decision that came out otherwise, with its row; empty when none did
   */
  public record Result(Recomputation.Summary summary, Optional<String> difference) {}

  /** What hands out the rows, each time from the first one on. */
  private interface Source {
    void each(RowVisitor visitor) throws IOException;
  }

  /** Takes a row; says whether to go on. */
  private interface RowVisitor {
    boolean visit(StoredRow row);
  }

  private final Recomputation recomputation = new Recomputation();
  private final LongConsumer progress;
  private Optional<String> difference = Optional.empty();
  private long rows;

  private RecordedDecisions(LongConsumer progress) {
    this.progress = progress;
  }

  /**
   * Those of an audit directory.
   *
   * @param progress hears every 65,536 rows how many were read
   */
  public static Result ofDirectory(Path dir, LongConsumer progress) throws IOException {
    return new RecordedDecisions(progress).run(visitor -> eachOfDirectory(dir, visitor));
  }

  /** Those of an export. */
  public static Result ofExport(Path file, LongConsumer progress) throws IOException {
    return new RecordedDecisions(progress).run(visitor -> eachOfExport(file, visitor));
  }

  private static void eachOfDirectory(Path dir, RowVisitor visitor) throws IOException {
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
  }

  private static void eachOfExport(Path file, RowVisitor visitor) throws IOException {
    try (ExportedRows exported = ExportedRows.open(file)) {
      Optional<StoredRow> row = exported.poll();
      while (row.isPresent()) {
        if (!visitor.visit(row.get())) {
          return;
        }
        row = exported.poll();
      }
    }
  }

  private Result run(Source source) throws IOException {
    source.each(this::learn);
    source.each(this::judge);
    return new Result(recomputation.summary(), difference);
  }

  private boolean learn(StoredRow row) {
    if (row.json().contains("\"event\":\"governance.")) {
      recomputation.learn(row.fields());
    }
    return true;
  }

  private boolean judge(StoredRow row) {
    if (++rows % PROGRESS_ROWS == 0) {
      progress.accept(rows);
    }
    if (!row.json().contains("\"type\":\"intent\"")) {
      return true;
    }
    difference =
        recomputation
            .judge(row.fields())
            .map(
                problem ->
                    "stream "
                        + row.receipt().stream()
                        + ", seq "
                        + row.receipt().seq()
                        + ": "
                        + problem);
    return difference.isEmpty();
  }
}
