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

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  /** Its members. */
  public Map<String, Object> fields() {
    try {
      return JSON.readValue(json, FIELDS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("row " + receipt + " is not JSON", e);
    }
  }
}
