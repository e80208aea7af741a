package dev.gatehouse.core.publish;

import dev.gatehouse.core.json.Digest;
import java.time.Instant;

/**
 * A published set of policies; it never changes.
 *
 * @param number from 1, in the order of publishing
 * @param digest SHA-256 of its text
 * @param policies how many it has
 * @param at when it was published
 * @param by the operator
 * @param reason why, in the operator's words
 */
public record PolicyVersion(
    int number, Digest digest, int policies, Instant at, String by, String reason) {}
