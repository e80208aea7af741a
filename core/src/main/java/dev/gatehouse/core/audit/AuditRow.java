package dev.gatehouse.core.audit;

import java.util.Map;
import java.util.Optional;

/**
 * A row before it is chained: a plain JSON tree of strings, booleans, integers below 2^53, lists
 * and maps. No floats.
 *
 * @param fields the members; must not change after the row is appended
 * @param body what the row has the digest of, if that is something to keep
 */
public record AuditRow(Map<String, Object> fields, Optional<AuditBody> body) {

  /** A row that says all that there is to keep. */
  public AuditRow(Map<String, Object> fields) {
    this(fields, Optional.empty());
  }
}
