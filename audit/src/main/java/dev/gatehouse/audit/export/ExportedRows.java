package dev.gatehouse.audit.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.core.audit.AuditReceipt;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The rows of an export that was verified, in their order. Checks nothing but that the lines are of
 * the form that an export has. Single thread; blocks on the disk.
 */
public final class ExportedRows implements Closeable {

  private static final byte[] STREAM = ascii("{\"kind\":\"stream\",\"name\":\"");
  private static final int HEX = 2 * Frame.HASH_BYTES;
  private static final int LINK_AT = ExportRow.BEGIN.length;
  private static final int TEXT_AT =
      LINK_AT + HEX + "\",\"payload_hash\":\"".length() + HEX + "\",\"row\":".length();
  private static final String SEQ = ",\"seq\":";
  private static final String TS = ",\"ts\":";

  private static final byte[] BODY = ascii("{\"body\":");
  private static final byte[] DISCLOSED = ascii("{\"disclosures\":");
  private static final byte[] ERASED = ascii("{\"kind\":\"erased\"");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ExportLines lines;
  private String stream = "";
  private Optional<String> body = Optional.empty();
  private boolean ahead;

  private ExportedRows(ExportLines lines) {
    this.lines = lines;
  }

  /** Opens an export, compressed or not. */
  public static ExportedRows open(Path export) throws IOException {
    return new ExportedRows(new ExportLines(AuditExport.open(export)));
  }

  /** The next row; empty behind the last one. */
  public Optional<StoredRow> poll() throws IOException {
    while (ahead || lines.next()) {
      ahead = false;
      if (begins(STREAM)) {
        stream = text(STREAM.length, lines.end() - lines.start() - "\"}".length());
      } else if (begins(ExportRow.BEGIN)) {
        StoredRow row = row();
        body = behind();
        return Optional.of(row);
      }
    }
    if (!lines.damage().isEmpty()) {
      throw new IOException(lines.damage());
    }
    return Optional.empty();
  }

  /** The body of the row polled last, if the export has it. */
  public Optional<String> body() {
    return body;
  }

  /** Looks at the lines behind a row, up to the first that is not about it. */
  private Optional<String> behind() throws IOException {
    while (lines.next()) {
      if (begins(BODY)) {
        String line = text(0, lines.end() - lines.start());
        return Optional.of(JSON.readTree(line).path("body").asText());
      }
      if (!begins(DISCLOSED) && !begins(ERASED)) {
        ahead = true;
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private StoredRow row() throws IOException {
    String line = text(0, lines.end() - lines.start());
    int ts = line.lastIndexOf(TS);
    int seq = line.lastIndexOf(SEQ, ts);
    if (seq < TEXT_AT) {
      throw new IOException("a line of the export is not of the form that a row has");
    }
    AuditReceipt receipt =
        new AuditReceipt(
            stream,
            Long.parseLong(line, seq + SEQ.length(), ts, 10),
            line.substring(LINK_AT, LINK_AT + HEX));
    long tsMicros = Long.parseLong(line, ts + TS.length(), line.length() - 1, 10);
    return StoredRow.of(receipt, tsMicros, line.substring(TEXT_AT, seq));
  }

  private boolean begins(byte[] with) {
    int start = lines.start();
    if (lines.end() - start < with.length) {
      return false;
    }
    for (int i = 0; i < with.length; i++) {
      if (lines.buffer()[start + i] != with[i]) {
        return false;
      }
    }
    return true;
  }

  private String text(int from, int to) {
    return new String(lines.buffer(), lines.start() + from, to - from, StandardCharsets.UTF_8);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
