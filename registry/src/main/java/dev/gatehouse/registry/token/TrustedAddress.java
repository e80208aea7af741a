package dev.gatehouse.registry.token;

import java.net.URI;
import java.util.Locale;

/** The rule for addresses that trust hangs on: https, or http on the loopback interface. */
final class TrustedAddress {

  private TrustedAddress() {}

  /**
   * Checks an address.
   *
   * @param what names it in the message
   * @throws IllegalArgumentException when it is none to trust
   */
  static URI check(String what, URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https") || (scheme.equals("http") && isLoopback(address));
    if (!secure
        || address.getHost() == null
        || address.getRawUserInfo() != null
        || address.getRawFragment() != null) {
      throw new IllegalArgumentException(
          what
              + " is an https address (or http on loopback) without user and fragment, this is '"
              + address
              + "'");
    }
    return address;
  }

  /** Whether the address names this machine by a name that no resolver can change. */
  static boolean isLoopback(URI address) {
    String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }
}
