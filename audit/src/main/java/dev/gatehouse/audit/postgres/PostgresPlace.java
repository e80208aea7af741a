package dev.gatehouse.audit.postgres;

import dev.gatehouse.core.sql.PostgresAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

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

  public PostgresPlace {
    var _ = new PostgresAddress(url, user, password, allowPlaintext, timeout);
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

  private static void requirePositive(String name, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(name + ": at least 1 ms, not " + value);
    }
  }

  /** Where the database is. */
  PostgresAddress address() {
    return new PostgresAddress(url, user, password, allowPlaintext, timeout);
  }

  /** {@code postgresql://host:port/database}. */
  @Override
  public String toString() {
    return address().toString();
  }
}
