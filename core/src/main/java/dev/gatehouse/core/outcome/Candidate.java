package dev.gatehouse.core.outcome;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A provider that could be asked, as its health was known when the call set out.
 *
 * @param model the model asked of it
 * @param state a stable name such as {@code healthy} or {@code unhealthy}
 * @param origin who knew it: {@code local}, this process by itself, or {@code fleet}
 * @param age how old that knowledge was
 * @param failures failures that this process saw within the window
 * @param until when it will be considered again, where that is known
 */
public record Candidate(
    String provider,
    String model,
    String state,
    String origin,
    Duration age,
    int failures,
    Optional<Instant> until) {}
