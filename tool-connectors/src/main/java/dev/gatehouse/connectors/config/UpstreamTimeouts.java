package dev.gatehouse.connectors.config;

import java.time.Duration;

/**
 * How long to wait for an upstream.
 *
 * @param connect for a TCP and TLS connection
 * @param initialize from starting it to its complete list of tools; generous, as {@code npx} may
 *     first install a package
 * @param probe for a server to say which era of MCP it speaks, before {@code initialize} is tried
 * @param call for the answer to a tool call, where the caller's deadline is later
 * @param ping for the answer to a health check
 * @param pingEvery between health checks of an idle upstream
 * @param close at each stage of ending a child: after closing its input, after SIGTERM, after
 *     SIGKILL
 * @param drain for running calls to end, when it is removed from the config
 * @param absence for which a lost upstream's tools stay listed while it is reconnected
 * @param reconnectMin before the first try to reconnect; doubles with each failure, less a random
 *     part of up to half
 * @param reconnectMax longest time between two tries
 */
public record UpstreamTimeouts(
    Duration connect,
    Duration initialize,
    Duration probe,
    Duration call,
    Duration ping,
    Duration pingEvery,
    Duration close,
    Duration drain,
    Duration absence,
    Duration reconnectMin,
    Duration reconnectMax) {

  /** The documented defaults. */
  public static final UpstreamTimeouts DEFAULTS =
      new UpstreamTimeouts(
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofSeconds(120),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofMillis(250),
          Duration.ofSeconds(60));

  public UpstreamTimeouts {
    positive("connect", connect);
    positive("initialize", initialize);
    positive("probe", probe);
    positive("call", call);
    positive("ping", ping);
    positive("pingEvery", pingEvery);
    positive("close", close);
    positive("reconnectMin", reconnectMin);
    positive("reconnectMax", reconnectMax);
    if (drain.isNegative() || absence.isNegative()) {
      throw new IllegalArgumentException("the time-outs drain and absence must not be negative");
    }
    if (reconnectMax.compareTo(reconnectMin) < 0) {
      throw new IllegalArgumentException(
          "reconnectMax (" + reconnectMax + ") is below reconnectMin (" + reconnectMin + ")");
    }
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("the time-out " + name + " must be positive: " + value);
    }
  }
}
