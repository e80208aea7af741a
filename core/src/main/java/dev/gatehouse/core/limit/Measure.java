package dev.gatehouse.core.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What a limit counts, and over which time. */
public enum Measure {
  REQUESTS_PER_MINUTE(Unit.REQUESTS, Span.MINUTE),
  REQUESTS_PER_DAY(Unit.REQUESTS, Span.DAY),
  TOKENS_PER_MINUTE(Unit.TOKENS, Span.MINUTE),
  TOKENS_PER_DAY(Unit.TOKENS, Span.DAY),
  /** Counted in billionths. */
  USD_PER_DAY(Unit.NANO_USD, Span.DAY),
  /** Counted in billionths. */
  USD_PER_MONTH(Unit.NANO_USD, Span.MONTH),
  CALLS_PER_MINUTE(Unit.CALLS, Span.MINUTE),
  CALLS_PER_DAY(Unit.CALLS, Span.DAY);

  private final Unit unit;
  private final Span span;

  Measure(Unit unit, Span span) {
    this.unit = unit;
    this.span = span;
  }

  /** What is counted. */
  public Unit unit() {
    return unit;
  }

  /** Over which time. */
  public Span span() {
    return span;
  }

  /** What is counted. */
  public enum Unit {
    REQUESTS,
    TOKENS,
    /** Billionths of a US dollar. */
    NANO_USD,
    /** Of tools. */
    CALLS
  }

  /**
   * A time over which is counted, in slots: what was used in a slot is forgotten as a whole, when
   * all of it lies outside of the span.
   */
  public enum Span {
    /** Any sixty seconds, in slots of five: at most five seconds more are remembered. */
    MINUTE,
    /** A calendar day in UTC. */
    DAY,
    /** A calendar month in UTC. */
    MONTH;

    private static final long SLOT_MS = 5_000;
    private static final long MINUTE_MS = 60_000;

    /** The slot of that moment. */
    public long slot(Instant at) {
      return switch (this) {
        case MINUTE -> Math.floorDiv(at.toEpochMilli(), SLOT_MS);
        case DAY -> Math.floorDiv(at.getEpochSecond(), Duration.ofDays(1).toSeconds());
        case MONTH -> {
          LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
          yield day.getYear() * 12L + day.getMonthValue() - 1;
        }
      };
    }

    /** The oldest slot that still counts at that moment. */
    public long oldest(Instant at) {
      return this == MINUTE ? Math.floorDiv(at.toEpochMilli() - MINUTE_MS, SLOT_MS) : slot(at);
    }

    /** When that slot no longer counts. */
    public Instant end(long slot) {
      return switch (this) {
        case MINUTE -> Instant.ofEpochMilli((slot + 1) * SLOT_MS + MINUTE_MS);
        case DAY -> Instant.ofEpochSecond((slot + 1) * Duration.ofDays(1).toSeconds());
        case MONTH ->
            LocalDate.of(
                    (int) Math.floorDiv(slot + 1, 12L), (int) Math.floorMod(slot + 1, 12L) + 1, 1)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC);
      };
    }

    /** Whether what is used up is remembered over a restart. */
    public boolean lasts() {
      return this != MINUTE;
    }
  }
}
