package dev.gatehouse.connectors.house;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamTransport.Http;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A scripted MCP server on HTTP: sessions, JSON or event-stream answers, a GET stream. */
public final class HttpServerScript implements AutoCloseable {

  /** One request as it came. */
  public record Seen(String method, Map<String, String> headers, String body) {}

  public final Vertx vertx = Vertx.vertx();
  public final List<Seen> seen = new CopyOnWriteArrayList<>();
  public final Set<String> sessions = ConcurrentHashMap.newKeySet();
  public final List<HttpServerResponse> streams = new CopyOnWriteArrayList<>();
  public final AtomicInteger executed = new AtomicInteger();
  public volatile boolean remembers = true;
  public volatile boolean offersStream = true;
  public volatile String version = "2025-11-25";
  public volatile String tools = "[{\"name\":\"echo\"}]";
  public volatile String nextCursor = "";
  public volatile String capabilities = "{\"tools\":{\"listChanged\":true}}";

  /** Lists besides tools, by the method that reads them, each as a JSON result. */
  public final Map<String, String> lists = new ConcurrentHashMap<>();

  /** Answers a tools/call; given the request's id. */
  public volatile BiConsumer<HttpServerRequest, Object> call =
      (request, id) -> json(request, result(id, "{\"content\":[],\"vendor\":1.10}"));

  /** Sees every request first; true when it took it. */
  public volatile java.util.function.Predicate<HttpServerRequest> intercept = _ -> false;

  private final AtomicInteger count = new AtomicInteger();
  private volatile HttpServer server;
  private final int port;

  public HttpServerScript() {
    server = listen(0);
    port = server.actualPort();
  }

  public McpServerConfig config(String name) {
    return config(name, Map.of());
  }

  public McpServerConfig config(String name, Map<String, String> headers) {
    return McpServerConfig.of(
            name, new Http(URI.create("http://127.0.0.1:" + port + "/mcp"), headers))
        .with(House.quick());
  }

  /** Stops to listen and drops all connections. */
  public void stop() {
    House.get(server.close().toCompletionStage().toCompletableFuture());
    streams.clear();
  }

  /** Listens again on the same port, without memory of sessions. */
  public void restart() {
    sessions.clear();
    server = listen(port);
  }

  /** Sends an event on every open GET stream. */
  public void tell(String message) {
    streams.forEach(stream -> stream.write("event: message\ndata: " + message + "\n\n"));
  }

  public long count(String rpcMethod) {
    return seen.stream().filter(one -> one.body().contains("\"" + rpcMethod + "\"")).count();
  }

  public static String result(Object id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  public static String unknown(Object id) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"error\":{\"code\":-32601,\"message\":\"no such method\"}}";
  }

  public static void json(HttpServerRequest request, String body) {
    request.response().putHeader("Content-Type", "application/json").end(body);
  }

  public static HttpServerResponse events(HttpServerRequest request) {
    return request
        .response()
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream; charset=utf-8");
  }

  @Override
  public void close() {
    House.get(vertx.close().toCompletionStage().toCompletableFuture());
  }

  /**
   * Listens, and tries again while the port is taken: between a stop and a restart any outgoing
   * connection of this machine may have been given it.
   */
  private HttpServer listen(int onPort) {
    return await()
        .atMost(House.PATIENCE)
        .ignoreExceptionsMatching(refused -> refused.getCause() instanceof IOException)
        .until(() -> bind(onPort), server -> true);
  }

  private HttpServer bind(int onPort) throws ExecutionException, InterruptedException {
    return vertx
        .createHttpServer()
        .requestHandler(request -> request.body().onSuccess(body -> handle(request, body)))
        .listen(onPort, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get();
  }

  private void handle(HttpServerRequest request, Buffer body) {
    Map<String, String> headers = new ConcurrentHashMap<>();
    request
        .headers()
        .forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
    if (remembers) {
      seen.add(new Seen(request.method().name(), headers, body.toString()));
    }
    if (intercept.test(request)) {
      return;
    }
    String session = headers.getOrDefault("mcp-session-id", "");
    if (request.method().equals(HttpMethod.GET)) {
      stream(request);
    } else if (request.method().equals(HttpMethod.DELETE)) {
      sessions.remove(session);
      request.response().end();
    } else {
      post(request, parse(body), session);
    }
  }

  private void post(HttpServerRequest request, Map<String, Object> message, String session) {
    String method = Json.text(message, "method");
    Object id = message.getOrDefault("id", "");
    if (method.equals("initialize")) {
      String fresh = "session-" + count.incrementAndGet();
      sessions.add(fresh);
      request.response().putHeader("Mcp-Session-Id", fresh);
      json(
          request,
          result(
              id,
              "{\"protocolVersion\":\""
                  + version
                  + "\",\"capabilities\":"
                  + capabilities
                  + ",\"serverInfo\":{\"name\":\"http\",\"version\":\"1\"}}"));
    } else if (!sessions.contains(session)) {
      request.response().setStatusCode(404).end("no such session");
    } else if (id.equals("") || method.isEmpty()) {
      request.response().setStatusCode(202).end();
    } else if (method.equals("tools/list")) {
      json(request, result(id, list(message)));
    } else if (method.endsWith("/list")) {
      json(request, lists.containsKey(method) ? result(id, lists.get(method)) : unknown(id));
    } else if (method.equals("ping") || method.endsWith("subscribe")) {
      json(request, result(id, "{}"));
    } else {
      executed.incrementAndGet();
      call.accept(request, id);
    }
  }

  private String list(Map<String, Object> message) {
    String cursor = Json.text(Json.object(message, "params"), "cursor");
    if (!nextCursor.isEmpty() && cursor.isEmpty()) {
      return "{\"tools\":[{\"name\":\"first\"}],\"nextCursor\":\"" + nextCursor + "\"}";
    }
    return "{\"tools\":" + tools + (cursor.equals("loop") ? ",\"nextCursor\":\"loop\"}" : "}");
  }

  private void stream(HttpServerRequest request) {
    if (!offersStream) {
      request.response().setStatusCode(405).end();
      return;
    }
    HttpServerResponse response = events(request);
    response.write(": open\n\n");
    streams.add(response);
  }

  private static Map<String, Object> parse(Buffer body) {
    byte[] text = body.toString().getBytes(StandardCharsets.UTF_8);
    try {
      return Json.object(text, 0, text.length);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }
}
