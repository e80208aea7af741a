package dev.gatehouse.connectors.oauth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A scripted authorization server on a real socket, which is also the origin of the resource {@code
 * /mcp}: metadata of both, a page that says yes at once, a token endpoint. What it says can be
 * changed path by path.
 */
public final class AuthServerScript implements AutoCloseable {

  /** A request to the token endpoint, the registration or the page. */
  public record Seen(String path, Map<String, String> form, Map<String, String> headers) {}

  /** What it answers. */
  record Said(int status, Map<String, String> headers, String body) {
    static Said ok(String body) {
      return new Said(200, Map.of("Content-Type", "application/json"), body);
    }

    static Said no(String error) {
      return new Said(400, Map.of(), "{\"error\":\"" + error + "\"}");
    }
  }

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  final Map<String, Function<Seen, Said>> paths = new ConcurrentHashMap<>();

  /** Members of its metadata; a null removes one. */
  final Map<String, String> metadata = new ConcurrentHashMap<>();

  /** Added to what a token answer says. */
  volatile String tokenExtra = ",\"expires_in\":3600";

  private final AtomicInteger tokens = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  public AuthServerScript() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    metadata.put("authorization_endpoint", quoted(origin() + "/authorize"));
    metadata.put("token_endpoint", quoted(origin() + "/token"));
    metadata.put("registration_endpoint", quoted(origin() + "/register"));
    metadata.put("issuer", quoted(origin()));
    metadata.put("code_challenge_methods_supported", "[\"S256\"]");
    metadata.put("authorization_response_iss_parameter_supported", "true");
    paths.put(
        "/.well-known/oauth-protected-resource/mcp",
        _ ->
            Said.ok(
                "{\"resource\":"
                    + quoted(mcp().toString())
                    + ",\"authorization_servers\":["
                    + quoted(origin())
                    + "]}"));
    paths.put("/.well-known/oauth-authorization-server", _ -> Said.ok(members()));
    paths.put("/authorize", one -> redirect(one, Map.of("code", "c1", "iss", origin())));
    paths.put("/token", _ -> Said.ok(token("t" + tokens.incrementAndGet())));
    paths.put(
        "/register", _ -> Said.ok("{\"client_id\":\"registered\",\"client_secret\":\"s3cret\"}"));
  }

  /** Its origin, which is its issuer. */
  public String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The resource that it protects. */
  public URI mcp() {
    return URI.create(origin() + "/mcp");
  }

  /** Serves the metadata of another resource at {@code /resource}. */
  public void describe(URI resource) {
    paths.put(
        "/resource",
        _ ->
            Said.ok(
                "{\"resource\":"
                    + quoted(resource.toString())
                    + ",\"authorization_servers\":["
                    + quoted(origin())
                    + "]}"));
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** What came to that path. */
  public List<Seen> seen(String path) {
    return seen.stream().filter(one -> one.path().equals(path)).toList();
  }

  String token(String text) {
    return "{\"access_token\":\"" + text + "\",\"token_type\":\"Bearer\"" + tokenExtra + "}";
  }

  /** A redirect back, with the request's state and more parameters. */
  Said redirect(Seen request, Map<String, String> more) {
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put("state", request.form().getOrDefault("state", ""));
    answer.putAll(more);
    return new Said(
        302,
        Map.of("Location", request.form().get("redirect_uri") + "?" + OAuthHttp.formText(answer)),
        "");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private String members() {
    StringBuilder all = new StringBuilder("{");
    metadata.forEach(
        (name, value) ->
            all.append(all.length() == 1 ? "" : ",")
                .append(quoted(name))
                .append(":")
                .append(value));
    return all.append("}").toString();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
      Map<String, String> headers = new LinkedHashMap<>();
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
      Seen request =
          new Seen(path, body.startsWith("{") ? Map.of("json", body) : form(body, query), headers);
      seen.add(request);
      Said said =
          paths.getOrDefault(path, _ -> new Said(404, Map.of(), "nothing here")).apply(request);
      said.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      byte[] answer = said.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(said.status(), answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private static Map<String, String> form(String body, String query) {
    try {
      return FormText.parse(body.isEmpty() ? query : body);
    } catch (OAuthException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }
}
