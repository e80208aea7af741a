package dev.gatehouse.connectors.config;

/** Which era of MCP to speak with an upstream. */
public enum UpstreamEra {
  /** Ask the server first: {@code server/discover}, and {@code initialize} where that fails. */
  AUTO,
  /** 2026-07-28 and nothing else. */
  MODERN,
  /** {@code initialize} and nothing else: 2025-11-25 and before. */
  LEGACY
}
