package dev.gatehouse.mcp.http;

import dev.gatehouse.mcp.config.McpConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The check of where a request comes from, against DNS rebinding: the host that it was addressed to
 * and the page that sent it must be known.
 */
public final class Perimeter {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private Perimeter() {}

  /** Why the request is turned away; empty when it is not. */
  public static Optional<String> objection(HttpServerRequest request, McpConfig config) {
    if (!hostAllowed(request, config)) {
      return Optional.of(
          "the Host header names no host of this server; add it to the allowed hosts");
    }
    List<String> origins = request.headers().getAll(HttpHeaders.ORIGIN);
    for (String origin : origins) {
      if (!originAllowed(origin, config)) {
        return Optional.of(
            "requests of this Origin are not allowed; add it to the allowed origins");
      }
    }
    return Optional.empty();
  }

  private static boolean hostAllowed(HttpServerRequest request, McpConfig config) {
    if (config.allowedHosts().contains("*")) {
      return true;
    }
    HostAndPort authority = request.authority();
    return authority != null
        && request.headers().getAll(HttpHeaders.HOST).size() <= 1
        && known(authority.host(), config)
        && targetAllowed(request.uri(), config);
  }

  /** A request line may name a host too, which then counts more (RFC 9112, section 3.2.2). */
  private static boolean targetAllowed(String target, McpConfig config) {
    try {
      return target.startsWith("/") || known(new URI(target).getHost(), config);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean originAllowed(String origin, McpConfig config) {
    String lower = origin.toLowerCase(Locale.ROOT);
    if (config.allowedOrigins().contains(lower) || config.allowedOrigins().contains("*")) {
      return true;
    }
    try {
      URI uri = new URI(lower);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && known(uri.getHost(), config);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean known(@Nullable String host, McpConfig config) {
    if (host == null) {
      return false;
    }
    String lower = host.toLowerCase(Locale.ROOT);
    return LOOPBACK.contains(lower) || config.allowedHosts().contains(lower);
  }
}
