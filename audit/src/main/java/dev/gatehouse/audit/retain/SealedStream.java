package dev.gatehouse.audit.retain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.segment.AuditLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * For how long a stream is kept.
 *
 * @param until the day from which it may expire, UTC; empty keeps it
 * @param hold why it may not; empty when nobody holds it
 */
public record SealedStream(String stream, Optional<LocalDate> until, String hold) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What was said last of a stream, if anything. */
  static Optional<SealedStream> of(AuditLayout layout, StreamName stream) throws IOException {
    Path file = layout.seal(stream);
    return Files.exists(file)
        ? Optional.of(parse(JSON.readTree(Files.readString(file))))
        : Optional.empty();
  }

  private static SealedStream parse(JsonNode row) {
    String until = row.path("until").asText();
    return new SealedStream(
        row.path("stream").asText(),
        until.isEmpty() ? Optional.empty() : Optional.of(LocalDate.parse(until)),
        row.path("hold").asText());
  }

  SealedStream changed(SealOrder order) {
    return new SealedStream(
        stream, order.until().or(() -> until), order.release() ? "" : order.hold().orElse(hold));
  }

  boolean over(Instant now) {
    return hold.isEmpty()
        && until.isPresent()
        && !now.atOffset(ZoneOffset.UTC).toLocalDate().isBefore(until.get());
  }
}
