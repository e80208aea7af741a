package dev.gatehouse.console;

import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The defence against DNS rebinding: a browser that was lured to this server under another name
 * says that name in Host and Origin. Ports are not compared, so that forwarded ones work.
 */
final class HostCheck {

  private final Set<String> allowed;

  HostCheck(Set<String> alsoAllowed) {
    Set<String> names = new HashSet<>(alsoAllowed);
    names.addAll(Set.of("localhost", "127.0.0.1", "::1", "[::1]"));
    this.allowed = Set.copyOf(names);
  }

  /**
   * @param host the host that the request names, without port; null when it names none
   * @param origin the {@code Origin} header; null when there is none, as with every client that is
   *     no browser
   */
  boolean passes(@Nullable String host, @Nullable String origin) {
    return named(host) && (origin == null || named(hostOf(origin)));
  }

  private boolean named(@Nullable String host) {
    return host != null && allowed.contains(host.toLowerCase(Locale.ROOT));
  }

  private static @Nullable String hostOf(String origin) {
    try {
      return URI.create(origin).getHost();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
