package dev.gatehouse.bench.load;

import java.time.Duration;
import java.util.List;

/**
 * What a load run does.
 *
 * @param port where the device under test listens, on 127.0.0.1
 * @param requests one for each connection, at most {@link #CONNECTIONS_MAX}
 * @param marker text that every good answer's body contains
 * @param length how long new requests are sent, at most {@link #LENGTH_MAX}
 */
public record LoadPlan(int port, List<RequestTemplate> requests, String marker, Duration length) {

  /** Most connections of one run. */
  public static final int CONNECTIONS_MAX = 1024;

  /** Longest run. */
  public static final Duration LENGTH_MAX = Duration.ofMinutes(10);

  public LoadPlan {
    requests = List.copyOf(requests);
    if (requests.isEmpty() || requests.size() > CONNECTIONS_MAX) {
      throw new IllegalArgumentException(
          "a load run has 1 to " + CONNECTIONS_MAX + " connections, this has " + requests.size());
    }
    if (!length.isPositive() || length.compareTo(LENGTH_MAX) > 0) {
      throw new IllegalArgumentException(
          "a load run lasts up to " + LENGTH_MAX + ", this " + length);
    }
  }
}
