package dev.gatehouse.gateway.config;

import java.time.Duration;
import java.time.Period;

/**
 * Durations, periods and sizes as the config writes them: {@code 250ms 15s 5m 4h 30d}, {@code 90d
 * 7y}, {@code 64KiB 10MiB}.
 */
final class Units {

  private Units() {}

  static Duration duration(String text) {
    int unit = unitAt(text);
    long amount = Long.parseLong(text.substring(0, unit));
    return switch (text.substring(unit)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> throw new IllegalArgumentException("not a duration: " + text);
    };
  }

  static Period period(String text) {
    int unit = unitAt(text);
    int amount = Integer.parseInt(text.substring(0, unit));
    return switch (text.substring(unit)) {
      case "d" -> Period.ofDays(amount);
      case "w" -> Period.ofWeeks(amount);
      case "y" -> Period.ofYears(amount);
      default -> throw new IllegalArgumentException("not a period: " + text);
    };
  }

  static long bytes(String text) {
    int unit = unitAt(text);
    long amount = Long.parseLong(text.substring(0, unit));
    return switch (text.substring(unit)) {
      case "", "B" -> amount;
      case "KiB" -> amount << 10;
      case "MiB" -> amount << 20;
      case "GiB" -> amount << 30;
      default -> throw new IllegalArgumentException("not a size: " + text);
    };
  }

  private static int unitAt(String text) {
    int unit = 0;
    while (unit < text.length() && Character.isDigit(text.charAt(unit))) {
      unit++;
    }
    return unit;
  }
}
