package dev.gatehouse.gateway.notify;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What receivers are told: who, what and why, and never the arguments of a call.
 *
 * @param id names it, the same at each try and at each receiver; letters, digits, underscore
 * @param row the audit row that says the same, {@code stream/seq}
 * @param at when it happened
 * @param details plain JSON members
 */
record Notice(String id, String row, NoticeKind kind, Instant at, Map<String, Object> details) {

  Notice {
    details = Map.copyOf(details);
  }

  /** The question that it is about. */
  Optional<String> approval() {
    return Optional.ofNullable(details.get("approval")).map(String::valueOf);
  }
}
