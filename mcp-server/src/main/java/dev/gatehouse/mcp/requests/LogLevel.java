package dev.gatehouse.mcp.requests;

import java.util.Locale;
import java.util.Optional;

/** The severities of log messages (RFC 5424), least severe first. */
public enum LogLevel {
  DEBUG,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  CRITICAL,
  ALERT,
  EMERGENCY;

  /** The level of that wire name. */
  public static Optional<LogLevel> of(Object name) {
    for (LogLevel level : values()) {
      if (level.wireName().equals(name)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  /** As MCP names it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
