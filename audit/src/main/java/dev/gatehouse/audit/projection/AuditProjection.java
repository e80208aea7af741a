package dev.gatehouse.audit.projection;

import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.row.StoredRow;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Writes the whole record in the words of others. Memory does not grow with it. */
public final class AuditProjection {

  private static final int PROGRESS_ROWS = 1 << 16;
  private static final int BUFFER_BYTES = 1 << 18;

  private AuditProjection() {}

  /**
   * Writes every row that there is now as one line; may run beside the gateway.
   *
   * @param product the gateway's version, which the lines name
   * @param out takes the lines, UTF-8; left open
   * @param progress hears every 65,536 rows how many were written
   * @return how many rows
   * @throws IOException when a row does not hold, naming it, or a file fails
   */
  public static long write(
      Path dir, ProjectionFormat format, String product, OutputStream out, LongConsumer progress)
      throws IOException {
    RowLine line =
        switch (format) {
          case OCSF -> new OcsfLine(product);
          case CEF -> new CefLine(product);
          case SYSLOG -> new SyslogLine();
        };
    BufferedOutputStream lines = new BufferedOutputStream(out, BUFFER_BYTES);
    long rows = 0;
    for (String lineage : AuditReader.lineages(dir)) {
      try (AuditReader reader = AuditReader.open(dir, lineage, new Start.Oldest())) {
        for (Optional<StoredRow> row = reader.poll(); row.isPresent(); row = reader.poll()) {
          ProjectedRow projected =
              new ProjectedRow(row.get(), reader.payloadHash(), reader.row().textBytes());
          lines.write(line.of(projected).getBytes(StandardCharsets.UTF_8));
          lines.write('\n');
          rows++;
          if (rows % PROGRESS_ROWS == 0) {
            progress.accept(rows);
          }
        }
      }
    }
    lines.flush();
    return rows;
  }
}
