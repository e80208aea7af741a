package dev.gatehouse.audit.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.audit.AuditReceipt;
import java.time.Instant;
import java.util.Map;

/**
 * A row as it lies on disk.
 *
 * @param at when it was written, to the microsecond; never before the row in front of it
 * @param json its text, canonical JSON
 */
public record StoredRow(AuditReceipt receipt, Instant at, String json) {

  private static final long MICROS = 1_000_000L;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  /** The row whose time is that many microseconds since 1970-01-01T00:00:00Z. */
  public static StoredRow of(AuditReceipt receipt, long tsMicros, String json) {
    Instant at =
        Instant.ofEpochSecond(
            Math.floorDiv(tsMicros, MICROS), Math.floorMod(tsMicros, MICROS) * 1_000L);
    return new StoredRow(receipt, at, json);
  }

  /** Its time in microseconds since 1970-01-01T00:00:00Z. */
  public long tsMicros() {
    return micros(at);
  }

  /** A time in microseconds since 1970-01-01T00:00:00Z. */
  public static long micros(Instant at) {
    return at.getEpochSecond() * MICROS + at.getNano() / 1_000;
  }

  /** Its members. */
  public Map<String, Object> fields() {
    try {
      return JSON.readValue(json, FIELDS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("row " + receipt + " is not JSON", e);
    }
  }
}
