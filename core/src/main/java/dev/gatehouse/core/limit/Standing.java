package dev.gatehouse.core.limit;

import java.time.Instant;

/**
 * How a limit stands that a call fell under.
 *
 * @param resetsAt when all of it is there again, if nothing more is used up
 */
public record Standing(Measure measure, long limit, long remaining, Instant resetsAt) {}
