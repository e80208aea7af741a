package dev.gatehouse.audit.tsa;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where time-stamps are asked for.
 *
 * @param url of the authority; https, or http on this machine
 * @param allowHttp whether http is allowed elsewhere too: stamps are signed, and what is asked is a
 *     hash
 * @param timeout for one request, connecting included; 1 s to 60 s
 * @param roots certificates in PEM form to which the authority's must lead; without them any
 *     authority's stamp is kept
 */
public record StampPlace(URI url, boolean allowHttp, Duration timeout, Optional<Path> roots) {

  public static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Duration TIMEOUT_MIN = Duration.ofSeconds(1);
  private static final Duration TIMEOUT_MAX = Duration.ofMinutes(1);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  public StampPlace {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    String host = String.valueOf(url.getHost());
    boolean safe =
        scheme.equals("https") || (scheme.equals("http") && (allowHttp || LOOPBACK.contains(host)));
    if (url.getHost() == null || !safe) {
      throw new IllegalArgumentException(
          "url: an https URL (http only on this machine, or with allow_http), not '" + url + "'");
    }
    if (timeout.compareTo(TIMEOUT_MIN) < 0 || timeout.compareTo(TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          "timeout: " + TIMEOUT_MIN + " to " + TIMEOUT_MAX + ", not " + timeout);
    }
  }
}
