package dev.gatehouse.connectors.oauth;

import dev.gatehouse.core.address.AddressKind;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How far requests may go that a server's metadata causes: over https to the public internet, and
 * besides only to where the operator's own config points already. Blocks.
 *
 * <p>An upstream on this machine may have its authorization server there too, without TLS; one in
 * the organisation's network may have it in that network.
 */
final class Reach {

  private static final int URL_LENGTH_MAX = 2_048;

  private final List<URI> configured;
  private final HostResolver resolver;

  /**
   * @param configured what the operator named: the upstream, and endpoints of identity providers
   */
  Reach(List<URI> configured, HostResolver resolver) {
    this.configured = List.copyOf(configured);
    this.resolver = resolver;
  }

  /**
   * The addresses at which the URL may be fetched. The connection must go to one of them: resolving
   * the host again could give others.
   *
   * @throws OAuthException when it may not be fetched
   */
  List<InetAddress> addresses(URI url) throws OAuthException {
    Set<AddressKind> allowed = allowed();
    checkForm(url, allowed);
    List<InetAddress> addresses = resolve(url);
    for (InetAddress address : addresses) {
      AddressKind kind = AddressKind.of(address);
      if (!allowed.contains(kind)) {
        throw new OAuthException(
            "'" + host(url) + "' is at a " + word(kind) + " address, and is not asked there");
      }
      if (kind != AddressKind.LOOPBACK && !isHttps(url)) {
        throw new OAuthException("'" + host(url) + "' would be asked without TLS");
      }
    }
    return addresses;
  }

  /**
   * Checks a URL that a browser is sent to.
   *
   * @throws OAuthException when it is neither https nor on this machine where that is allowed
   */
  void checkForBrowser(URI url) throws OAuthException {
    checkForm(url, allowed());
  }

  private void checkForm(URI url, Set<AddressKind> allowed) throws OAuthException {
    if (url.toString().length() > URL_LENGTH_MAX) {
      throw new OAuthException("a URL of it is longer than " + URL_LENGTH_MAX + " characters");
    }
    boolean plain = "http".equalsIgnoreCase(url.getScheme());
    if (url.getHost() == null || url.getRawUserInfo() != null || !(plain || isHttps(url))) {
      throw new OAuthException("a URL of it is not an https URL of a host");
    }
    if (plain && !(allowed.contains(AddressKind.LOOPBACK) && namesThisMachine(host(url)))) {
      throw new OAuthException("'" + host(url) + "' would be asked without TLS");
    }
  }

  private Set<AddressKind> allowed() {
    Set<AddressKind> allowed = EnumSet.of(AddressKind.PUBLIC);
    for (URI url : configured) {
      if (namesThisMachine(host(url))) {
        allowed.add(AddressKind.LOOPBACK);
      } else if (isPrivate(url)) {
        allowed.add(AddressKind.PRIVATE);
      }
    }
    return allowed;
  }

  private boolean isPrivate(URI url) {
    try {
      return resolve(url).stream().anyMatch(a -> AddressKind.of(a) == AddressKind.PRIVATE);
    } catch (OAuthException e) {
      return false; // nobody is there
    }
  }

  private List<InetAddress> resolve(URI url) throws OAuthException {
    try {
      List<InetAddress> addresses = resolver.resolve(host(url));
      if (addresses.isEmpty()) {
        throw new OAuthException("the host name '" + host(url) + "' is unknown");
      }
      return addresses;
    } catch (UnknownHostException e) {
      throw new OAuthException("the host name '" + host(url) + "' is unknown", e);
    }
  }

  private static boolean namesThisMachine(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("::1")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  /** The host without the brackets of an IPv6 literal. */
  static String host(URI url) {
    String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static boolean isHttps(URI url) {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  private static String word(AddressKind kind) {
    return switch (kind) {
      case PUBLIC -> "public";
      case PRIVATE -> "private";
      case LOOPBACK -> "loopback";
      case NEVER -> "reserved";
    };
  }
}
