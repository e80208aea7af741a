package dev.gatehouse.audit.index;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which rows somebody asks for: all that meet every criterion, the newest first to be found.
 *
 * @param criteria what rows must say
 * @param since no older rows
 * @param until no rows of this time or later
 * @param before only rows in front of this one, {@code stream/seq}: the next page
 * @param limit how many rows at most; 1 to {@link #LIMIT_MAX}
 */
public record RowQuery(
    Map<Criterion, String> criteria,
    Optional<Instant> since,
    Optional<Instant> until,
    Optional<String> before,
    int limit) {

  /** The longest page; bounds an answer's memory. */
  public static final int LIMIT_MAX = 10_000;

  /** What the index knows of a row. */
  public enum Criterion {
    AGENT,
    SESSION,
    TOOL,
    /** A provider that was asked, whether it answered or failed. */
    PROVIDER,
    /** Of a call's intent; its outcome row counts as {@code allow}. */
    VERDICT,
    OUTCOME
  }

  public RowQuery {
    criteria = Map.copyOf(criteria);
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException("limit: 1 to " + LIMIT_MAX + ", not " + limit);
    }
  }

  /** The last rows, whatever they say. */
  public static RowQuery last(int limit) {
    return new RowQuery(Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), limit);
  }

  /** The same with one more criterion. */
  public RowQuery with(Criterion criterion, String value) {
    Map<Criterion, String> more = new EnumMap<>(Criterion.class);
    more.putAll(criteria);
    more.put(criterion, value);
    return new RowQuery(more, since, until, before, limit);
  }

  /** The same from that time on. */
  public RowQuery from(Instant at) {
    return new RowQuery(criteria, Optional.of(at), until, before, limit);
  }

  /** The same up to that time, which is not included. */
  public RowQuery to(Instant at) {
    return new RowQuery(criteria, since, Optional.of(at), before, limit);
  }

  /** The page in front of that row. */
  public RowQuery before(String row) {
    return new RowQuery(criteria, since, until, Optional.of(row), limit);
  }
}
