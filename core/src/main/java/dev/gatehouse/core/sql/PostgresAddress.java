package dev.gatehouse.core.sql;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where a PostgreSQL database is, and as whom it is asked.
 *
 * @param url {@code postgresql://host:port/database}, with {@code sslmode} and {@code sslrootcert}
 *     as the only parameters
 * @param user the role
 * @param password never shown
 * @param allowPlaintext whether the connection may go unencrypted to another machine
 * @param timeout longest wait for the server's answer, at least 1 ms; the driver counts full
 *     seconds
 */
public record PostgresAddress(
    URI url, String user, Optional<String> password, boolean allowPlaintext, Duration timeout) {

  private static final int PORT = 5432;
  private static final String SSL_MODE = "sslmode";
  private static final String SSL_ROOT = "sslrootcert";
  private static final Set<String> PARAMETERS = Set.of(SSL_MODE, SSL_ROOT);
  private static final Set<String> VERIFIED = Set.of("verify-ca", "verify-full");
  private static final Set<String> MODES =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /** Of the driver: trusts the authorities that Java trusts, rather than a file in a home. */
  private static final String JAVA_AUTHORITIES = "org.postgresql.ssl.DefaultJavaSSLFactory";

  public PostgresAddress {
    requireUrl(url);
    if (user.isEmpty()) {
      throw new IllegalArgumentException("user: the role is missing");
    }
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeout: at least 1 ms, not " + timeout);
    }
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

  /**
   * Connects. Blocks; each wait on the connection is bounded.
   *
   * @param application names this user of it to the server
   */
  public Connection connect(String application) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    password.ifPresent(secret -> properties.setProperty("password", secret));
    properties.setProperty("ApplicationName", application);
    properties.setProperty("reWriteBatchedInserts", "true");
    properties.setProperty("tcpKeepAlive", "true");
    String seconds = Long.toString(Math.max(1, timeout.toSeconds()));
    for (String limit : List.of("connectTimeout", "loginTimeout", "socketTimeout")) {
      properties.setProperty(limit, seconds);
    }
    properties.setProperty("sslmode", sslMode());
    if (sslRootCert().isPresent()) {
      properties.setProperty("sslrootcert", sslRootCert().get());
    } else if (sslMode().startsWith("verify")) {
      properties.setProperty("sslfactory", JAVA_AUTHORITIES);
    }
    return DriverManager.getConnection(jdbc(), properties);
  }

  private String jdbc() {
    String name = URLEncoder.encode(database(), StandardCharsets.UTF_8);
    return "jdbc:postgresql://" + host() + ":" + port() + "/" + name;
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
  public String sslMode() {
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
