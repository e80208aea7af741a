package dev.gatehouse.audit.postgres;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The database that rows are copied to, and what depends on it.
 *
 * @param url {@code postgresql://host:port/database}, with {@code sslmode} and {@code sslrootcert}
 *     as the only parameters
 * @param user a role that may insert rows, and neither change nor remove them
 * @param password never shown
 * @param allowPlaintext whether the connection may go unencrypted to another machine
 * @param durability what a call waits for
 * @param batchRowsMax most rows of one transaction; 256 to 65,536
 * @param ackTimeout how long a row may wait for the database before its call is refused, when calls
 *     wait for it
 * @param lateAfter how long the oldest row may wait before that is an alarm
 * @param timeout longest wait for the server's answer
 * @param waitingRowsMax most rows that may wait for the database's confirmation
 */
public record PostgresPlace(
    URI url,
    String user,
    Optional<String> password,
    boolean allowPlaintext,
    Durability durability,
    int batchRowsMax,
    Duration ackTimeout,
    Duration lateAfter,
    Duration timeout,
    int waitingRowsMax) {

  public static final int BATCH_ROWS_MAX = 1_024;
  public static final Duration ACK_TIMEOUT = Duration.ofSeconds(5);
  public static final Duration LATE_AFTER = Duration.ofMinutes(1);
  public static final Duration TIMEOUT = Duration.ofSeconds(10);
  public static final int WAITING_ROWS_MAX = 65_536;

  private static final int BATCH_ROWS_FLOOR = 256;
  private static final int BATCH_ROWS_LIMIT = 65_536;
  private static final int PORT = 5432;
  private static final String SSL_MODE = "sslmode";
  private static final String SSL_ROOT = "sslrootcert";
  private static final Set<String> PARAMETERS = Set.of(SSL_MODE, SSL_ROOT);
  private static final Set<String> VERIFIED = Set.of("verify-ca", "verify-full");
  private static final Set<String> MODES =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  public PostgresPlace {
    requireUrl(url);
    if (user.isEmpty()) {
      throw new IllegalArgumentException("user: the role that inserts rows is missing");
    }
    if (batchRowsMax < BATCH_ROWS_FLOOR || batchRowsMax > BATCH_ROWS_LIMIT) {
      throw new IllegalArgumentException(
          "batch_rows_max: %d to %d, not %d"
              .formatted(BATCH_ROWS_FLOOR, BATCH_ROWS_LIMIT, batchRowsMax));
    }
    if (waitingRowsMax < 1) {
      throw new IllegalArgumentException("waiting_rows_max: at least 1, not " + waitingRowsMax);
    }
    requirePositive("ack_timeout", ackTimeout);
    requirePositive("late_after", lateAfter);
    requirePositive("timeout", timeout);
    String mode = parameters(url).get(SSL_MODE);
    if (mode != null && !MODES.contains(mode)) {
      throw new IllegalArgumentException("url: there is no sslmode '" + mode + "'");
    }
    if (mode != null && !VERIFIED.contains(mode) && !allowPlaintext && !local(url)) {
      throw new IllegalArgumentException(
          "url: sslmode="
              + mode
              + " does not check who answers; verify-full, or allow_plaintext for a network that"
              + " needs no encryption");
    }
  }

  /** All defaults. */
  public static PostgresPlace of(URI url, String user, Optional<String> password) {
    return new PostgresPlace(
        url,
        user,
        password,
        false,
        Durability.LOCAL_FSYNC,
        BATCH_ROWS_MAX,
        ACK_TIMEOUT,
        LATE_AFTER,
        TIMEOUT,
        WAITING_ROWS_MAX);
  }

  private static void requireUrl(URI url) {
    String path = String.valueOf(url.getPath());
    if (!"postgresql".equals(url.getScheme())
        || url.getHost() == null
        || path.length() < 2
        || path.indexOf('/', 1) > 0) {
      throw new IllegalArgumentException("url: postgresql://host:port/database was due");
    }
    if (url.getRawUserInfo() != null) {
      throw new IllegalArgumentException("url: user and password have keys of their own");
    }
    for (String name : parameters(url).keySet()) {
      if (!PARAMETERS.contains(name)) {
        throw new IllegalArgumentException(
            "url: only sslmode and sslrootcert may be set, not '" + name + "'");
      }
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(name + ": at least 1 ms, not " + value);
    }
  }

  private static boolean local(URI url) {
    return LOOPBACK.contains(url.getHost());
  }

  private static Map<String, String> parameters(URI url) {
    Map<String, String> parameters = new TreeMap<>();
    String query = url.getRawQuery();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        String[] parts = pair.split("=", 2);
        String value = parts.length == 1 ? "" : parts[1];
        parameters.put(parts[0], URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  String host() {
    return url.getHost();
  }

  int port() {
    return url.getPort() < 0 ? PORT : url.getPort();
  }

  String database() {
    return url.getPath().substring(1);
  }

  /** How far the server is checked; by default fully, but on this machine. */
  String sslMode() {
    String fallback = local(url) || allowPlaintext ? "prefer" : "verify-full";
    return parameters(url).getOrDefault(SSL_MODE, fallback);
  }

  /** The file with the authority that vouches for the server; empty for those that Java knows. */
  Optional<String> sslRootCert() {
    return Optional.ofNullable(parameters(url).get(SSL_ROOT));
  }

  /** {@code postgresql://host:port/database}. */
  @Override
  public String toString() {
    return "postgresql://" + host() + ":" + port() + "/" + database();
  }
}
