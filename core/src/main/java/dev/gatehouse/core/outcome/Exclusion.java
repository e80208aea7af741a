package dev.gatehouse.core.outcome;

import java.time.Instant;
import java.util.Optional;

/**
 * A provider that was not tried.
 *
 * @param why a stable name such as {@code breaker_open}
 * @param until when it will be considered again, where that is known
 * @param field the request's member that it cannot take; empty when none is the reason
 */
public record Exclusion(String provider, String why, Optional<Instant> until, String field) {

  /** One that no member of the request is the reason for. */
  public Exclusion(String provider, String why, Optional<Instant> until) {
    this(provider, why, until, "");
  }
}
