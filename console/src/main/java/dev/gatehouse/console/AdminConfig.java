package dev.gatehouse.console;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the admin API is served.
 *
 * @param host the address to listen on; loopback unless there is a reason
 * @param port the port; 0 for any free one
 * @param allowedHosts host names, without port, that requests may name besides loopback's
 * @param bodyBytesMax longest request body
 * @param bodyTimeout until when a body must have arrived
 * @param idleTimeout after that long without a byte a connection is closed
 */
public record AdminConfig(
    String host,
    int port,
    Set<String> allowedHosts,
    int bodyBytesMax,
    Duration bodyTimeout,
    Duration idleTimeout) {

  /** 127.0.0.1:4001, 4 MiB (policies that are published), 10 s, 60 s. */
  public static final AdminConfig DEFAULT =
      new AdminConfig(
          "127.0.0.1", 4001, Set.of(), 4 << 20, Duration.ofSeconds(10), Duration.ofSeconds(60));

  public AdminConfig {
    allowedHosts =
        allowedHosts.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("the admin port lies in 0..65535, this is " + port);
    }
    if (bodyBytesMax < 1 || bodyBytesMax > 16 << 20) {
      throw new IllegalArgumentException(
          "the admin body limit lies in 1 byte..16 MiB, this is " + bodyBytesMax);
    }
    positive("body time-out", bodyTimeout);
    positive("idle time-out", idleTimeout);
  }

  private static void positive(String what, Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "the admin " + what + " lies in 1 ms..1 h, this is " + value);
    }
  }
}
