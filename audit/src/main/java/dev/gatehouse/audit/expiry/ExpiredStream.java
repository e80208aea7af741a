package dev.gatehouse.audit.expiry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.core.json.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The end of a stream whose rows are gone. Its text is that of the row {@code audit.expired} which
 * a later stream holds; so whoever can check that row can believe it.
 *
 * @param tip where the stream ended
 * @param sealed whether it was closed in order
 * @param openCalls the calls that were allowed in it and had no outcome when it ended
 * @param rotations the texts of its rows that changed keys
 * @param carried the SHA-256 of each row {@code audit.expired} that it held
 * @param by who let it expire
 * @param text the row, RFC 8785
 */
public record ExpiredStream(
    StreamName stream,
    Tip tip,
    boolean sealed,
    List<String> openCalls,
    List<String> rotations,
    List<String> carried,
    String by,
    String text) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long FILE_BYTES_MAX = 4L << 20;

  public ExpiredStream {
    openCalls = List.copyOf(openCalls);
    rotations = List.copyOf(rotations);
    carried = List.copyOf(carried);
  }

  /** What is said of a stream; its text follows from the rest. */
  public static ExpiredStream of(
      StreamName stream,
      Tip tip,
      boolean sealed,
      List<String> openCalls,
      List<String> rotations,
      List<String> carried,
      String by) {
    Map<String, Object> row =
        ControlRows.expired(stream.toString(), tip, sealed, openCalls, rotations, carried, by);
    return new ExpiredStream(
        stream, tip, sealed, openCalls, rotations, carried, by, CanonicalJson.text(row));
  }

  /**
   * What a directory keeps of a stream's end, if its rows are gone.
   *
   * @throws IllegalArgumentException when it cannot be read
   */
  public static Optional<ExpiredStream> of(AuditLayout layout, StreamName stream)
      throws IOException {
    Path file = layout.expired(stream);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IllegalArgumentException(file + " is longer than " + FILE_BYTES_MAX + " bytes");
    }
    return Optional.of(parse(Files.readString(file), stream));
  }

  /**
   * Reads the text.
   *
   * @param stream about which it is due
   * @throws IllegalArgumentException when it is about another, or cannot be read
   */
  public static ExpiredStream parse(String text, StreamName stream) {
    try {
      JsonNode row = JSON.readTree(text);
      ExpiredStream read =
          of(
              stream,
              new Tip(
                  row.path("rows").asLong(), row.path("link").asText(), row.path("ts").asLong()),
              row.path("sealed").asBoolean(),
              texts(row.path("open_calls")),
              texts(row.path("rotations")),
              texts(row.path("carried")),
              row.path("by").asText());
      boolean link = read.tip().link().matches("[0-9a-f]{64}") && read.tip().rows() > 0;
      if (link && read.text().equals(text)) {
        return read;
      }
      throw new IllegalArgumentException("what is said of its end is not in the usual form");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("what is said of its end cannot be read", e);
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  /** By this it is known to later streams. */
  public String digest() {
    return digest(text);
  }

  /** By this a row {@code audit.expired} is known. */
  public static String digest(String row) {
    return HexFormat.of()
        .formatHex(ChainHasher.sha256().digest(row.getBytes(StandardCharsets.UTF_8)));
  }
}
