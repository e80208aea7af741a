package dev.gatehouse.connectors.config;

import dev.gatehouse.connectors.oauth.UpstreamAuth;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How an upstream MCP server is reached. Secrets in it never appear in {@code toString}. */
public sealed interface UpstreamTransport {

  /**
   * A child process that speaks over its standard streams. No shell is involved.
   *
   * @param command the program, found on the gateway's {@code PATH} unless it has a slash
   * @param args its arguments
   * @param env its environment, besides a few harmless variables of the gateway's own ({@code
   *     PATH}, {@code HOME} and the like); values are secrets
   * @param cwd its working directory; the gateway's when empty
   */
  record Stdio(String command, List<String> args, Map<String, String> env, Optional<Path> cwd)
      implements UpstreamTransport {

    public Stdio {
      args = List.copyOf(args);
      env = Map.copyOf(env);
      if (command.isBlank()) {
        throw new IllegalArgumentException("the command of an MCP server is empty");
      }
      if (isCut(command) || args.stream().anyMatch(Stdio::isCut)) {
        throw new IllegalArgumentException(
            "the command of an MCP server or one of its arguments holds a NUL character");
      }
      env.forEach(Stdio::check);
    }

    private static void check(String name, String value) {
      if (name.isEmpty() || name.indexOf('=') >= 0 || isCut(name)) {
        throw new IllegalArgumentException("not a name of an environment variable: '" + name + "'");
      }
      if (isCut(value)) {
        throw new IllegalArgumentException(
            "the environment variable " + name + " holds a NUL character");
      }
    }

    /** Whether the system would take less than the whole text. */
    private static boolean isCut(String text) {
      return text.indexOf('\0') >= 0;
    }

    /** Names the command and counts the rest: arguments and values often hold keys. */
    @Override
    public String toString() {
      return "Stdio[" + command + ", " + args.size() + " args, env " + sorted(env) + "]";
    }
  }

  /**
   * A server that speaks MCP's Streamable HTTP.
   *
   * @param url its endpoint, {@code http} or {@code https}, without user info
   * @param headers sent with every request; values are secrets
   * @param auth how to come by OAuth tokens for it; it gets none when empty
   */
  record Http(URI url, Map<String, String> headers, Optional<UpstreamAuth> auth)
      implements UpstreamTransport {

    private static final Set<String> OWN_HEADERS =
        Set.of(
            "accept",
            "connection",
            "content-length",
            "content-type",
            "host",
            "last-event-id",
            "mcp-method",
            "mcp-name",
            "mcp-protocol-version",
            "mcp-session-id",
            "transfer-encoding",
            "upgrade");

    /** Where arguments are mirrored. */
    private static final String PARAM_HEADERS = "mcp-param-";

    private static final Set<String> OAUTH_HEADERS = Set.of("authorization", "dpop");

    public Http {
      headers = Map.copyOf(headers);
      boolean http = "http".equalsIgnoreCase(url.getScheme());
      if (!http && !"https".equalsIgnoreCase(url.getScheme())) {
        throw new IllegalArgumentException(
            "the url of an MCP server begins with http:// or https://, its scheme is '"
                + url.getScheme()
                + "'");
      }
      if (url.getHost() == null) {
        throw new IllegalArgumentException("the url of an MCP server names no host");
      }
      if (url.getRawUserInfo() != null) {
        throw new IllegalArgumentException(
            "the url of an MCP server holds user info; send credentials in headers");
      }
      headers.forEach(Http::check);
      if (auth.isPresent()
          && headers.keySet().stream().anyMatch(name -> OAUTH_HEADERS.contains(lower(name)))) {
        throw new IllegalArgumentException(
            "an MCP server with auth gets its Authorization header from there, not from headers");
      }
    }

    /** A server that gets the headers and no tokens. */
    public Http(URI url, Map<String, String> headers) {
      this(url, headers, Optional.empty());
    }

    /** Names the endpoint without its query, and the headers without their values. */
    @Override
    public String toString() {
      return "Http["
          + url.getScheme()
          + "://"
          + url.getRawAuthority()
          + url.getRawPath()
          + ", headers "
          + sorted(headers)
          + auth.map(one -> ", " + one.getClass().getSimpleName()).orElse("")
          + "]";
    }

    private static String lower(String name) {
      return name.toLowerCase(Locale.ROOT);
    }

    private static void check(String name, String value) {
      if (name.isEmpty() || !name.chars().allMatch(Http::token)) {
        throw new IllegalArgumentException("not a header name: '" + name + "'");
      }
      if (OWN_HEADERS.contains(lower(name)) || lower(name).startsWith(PARAM_HEADERS)) {
        throw new IllegalArgumentException("the header " + name + " is set by the gateway itself");
      }
      if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
        throw new IllegalArgumentException("the header " + name + " has a line break in its value");
      }
    }

    private static boolean token(int c) {
      return c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }
  }

  private static List<String> sorted(Map<String, String> map) {
    return map.keySet().stream().sorted().toList();
  }
}
