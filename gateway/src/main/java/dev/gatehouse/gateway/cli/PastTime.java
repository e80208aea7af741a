package dev.gatehouse.gateway.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time as people type it: so long ago ({@code 90s}, {@code 15m}, {@code 1h}, {@code 7d}), a day
 * in UTC, or an instant.
 */
final class PastTime {

  private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");

  private final InstantSource clock;

  PastTime(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException naming the option and what it takes
   */
  Instant read(String option, String text) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      long count = Long.parseLong(ago.group(1));
      return clock
          .instant()
          .minus(
              switch (ago.group(2)) {
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
              });
    }
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          option + ": such as 15m, 1h, 7d, 2026-01-31 or 2026-01-31T12:00:00Z, not '" + text + "'",
          e);
    }
  }
}
