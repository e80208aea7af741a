package dev.gatehouse.gateway.rows;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.body.BodyReader;
import dev.gatehouse.audit.export.ExportedRows;
import dev.gatehouse.audit.personal.VaultReader.Kept;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.call.ArgumentsDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The rows of a record, handed out from the first one on as often as asked. */
public interface RecordedRows {

  /** Reads bodies. */
  ObjectMapper JSON = new ObjectMapper();

  /** Takes a row and its body; says whether to go on. */
  interface Visitor {
    boolean visit(StoredRow row, Body body) throws IOException;
  }

  /** What a row has the digest of; empty where it is not there. */
  interface Body {
    Optional<String> find() throws IOException;

    /**
     * The arguments of the call of an intent row, for whoever asks; empty where they were not kept,
     * or the call has none, being one of a model. Asking throws {@link UncheckedIOException} when
     * they cannot be read.
     */
    default Supplier<Optional<Map<String, Object>>> argumentsOf(Map<String, Object> row) {
      boolean ofModel = String.valueOf(row.get("action_type")).startsWith("llm.");
      boolean kept = "kept".equals(row.get("body")) && !ofModel;
      return () -> kept ? arguments() : Optional.empty();
    }

    private Optional<Map<String, Object>> arguments() {
      try {
        Optional<String> kept = find();
        return kept.isEmpty()
            ? Optional.empty()
            : Optional.of(ArgumentsDigest.arguments(JSON.readValue(kept.get(), Object.class)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
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
