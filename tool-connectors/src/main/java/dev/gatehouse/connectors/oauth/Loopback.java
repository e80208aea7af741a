package dev.gatehouse.connectors.oauth;

import java.net.URI;
import java.util.Set;

/** Where an operator's browser may be sent back to: this machine (RFC 8252, section 7.3). */
final class Loopback {

  private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");

  private Loopback() {}

  /** Whether that is http on a loopback address, and nothing odd about it. */
  static boolean is(URI uri) {
    return "http".equals(uri.getScheme())
        && uri.getHost() != null
        && HOSTS.contains(uri.getHost())
        && uri.getRawUserInfo() == null
        && uri.getRawFragment() == null;
  }
}
