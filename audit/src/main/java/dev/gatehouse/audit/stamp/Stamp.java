package dev.gatehouse.audit.stamp;

import java.time.Instant;

/**
 * What a time-stamp says: the note existed then.
 *
 * @param authority the subject of the certificate that signed it
 * @param vouched whether that certificate leads to a root that the reader named
 */
public record Stamp(Instant at, String authority, boolean vouched) {}
