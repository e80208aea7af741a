package dev.gatehouse.gateway.notify;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Somebody who is told of what happens, by HTTP POST. Neither its address nor its headers are ever
 * shown: some services take the address for a password.
 *
 * @param name names it in logs and metrics
 * @param url https; http only on this machine or with {@code allowPrivate}
 * @param allowPrivate whether it may lie in a private network
 * @param events what it is told of
 * @param secret signs what it is told; empty for unsigned
 * @param headers more headers
 * @param callback whose answers it may hand in; empty for nobody's
 */
public record Receiver(
    String name,
    URI url,
    boolean allowPrivate,
    Set<NoticeKind> events,
    BodyStyle style,
    Optional<WebhookSecret> secret,
    Map<String, String> headers,
    Optional<Callback> callback) {

  private static final Set<String> OWN_HEADERS =
      Set.of("host", "content-length", "content-type", "transfer-encoding", "connection");

  public Receiver {
    events = Set.copyOf(events);
    headers = Map.copyOf(headers);
    boolean http = "http".equalsIgnoreCase(url.getScheme());
    boolean https = "https".equalsIgnoreCase(url.getScheme());
    if (!(http || https)
        || url.getHost() == null
        || url.getRawUserInfo() != null
        || url.getRawFragment() != null) {
      throw new IllegalArgumentException("url: an https URL of a host, without user and fragment");
    }
    if (http && !allowPrivate && !namesThisMachine(url)) {
      throw new IllegalArgumentException(
          "url: https, or http on this machine, or http in your own network with allow_private:"
              + " true");
    }
    for (Map.Entry<String, String> header : headers.entrySet()) {
      String lower = header.getKey().toLowerCase(Locale.ROOT);
      if (!lower.matches("[!#$%&'*+.^_`|~0-9a-z-]{1,128}")
          || OWN_HEADERS.contains(lower)
          || lower.startsWith("webhook-")) {
        throw new IllegalArgumentException(
            "headers: '" + header.getKey() + "' is none that a notice can have");
      }
      if (!header.getValue().matches("[\\x20-\\x7e\\t]{0,4096}")) {
        throw new IllegalArgumentException(
            "headers: the value of '"
                + header.getKey()
                + "' is no ASCII of at most 4096 characters");
      }
    }
  }

  /** Whether the URL names this machine in a way that no resolver can change. */
  static boolean namesThisMachine(URI url) {
    String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  @Override
  public String toString() {
    return "Receiver["
        + name
        + ", "
        + new TreeMap<>(Map.of("style", style, "events", events))
        + "]";
  }
}
