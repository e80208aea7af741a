package dev.gatehouse.core.outcome;

import java.time.Instant;
import java.util.Optional;

/**
 * A provider that was not tried.
 *
 * @param why a stable name such as {@code breaker_open}
 * @param until when it will be considered again, where that is known
 */
public record Exclusion(String provider, String why, Optional<Instant> until) {}
