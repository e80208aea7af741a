package dev.gatehouse.connectors.house;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamTransport.Http;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A scripted server of MCP 2026-07-28 on HTTP: each test says how it answers which method. */
public final class ModernServerScript implements AutoCloseable {

  /** One message as it came. */
  public record Seen(
      String method, Map<String, String> headers, Map<String, Object> params, Object id) {

    public Map<String, Object> meta() {
      return Json.object(params, "_meta");
    }
  }

  /** Answers a message. */
  @FunctionalInterface
  public interface Answer {
    void to(HttpServerRequest request, Seen seen);
  }

  public final Vertx vertx = Vertx.vertx();
  public final List<Seen> seen = new CopyOnWriteArrayList<>();
  public final Map<String, Answer> answers = new ConcurrentHashMap<>();
  public final Map<Object, HttpServerResponse> listening = new ConcurrentHashMap<>();
  public final AtomicInteger closed = new AtomicInteger();

  /** How often it agreed to tell of changes. */
  public final AtomicInteger consents = new AtomicInteger();

  /** Whether it agrees to tell of changes of tasks. */
  public volatile boolean tellsOfTasks;

  public volatile String tools = "[{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\"}}]";
  private final HttpServer server;

  public ModernServerScript() {
    answers.put("server/discover", (request, one) -> result(request, one, discovered()));
    answers.put("tools/list", (request, one) -> result(request, one, "\"tools\":" + tools));
    answers.put("tools/call", (request, one) -> result(request, one, "\"content\":[]"));
    answers.put("subscriptions/listen", this::listen);
    server =
        House.get(
            vertx
                .createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> handle(request, body)))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture());
  }

  public McpServerConfig config(String name) {
    URI url = URI.create("http://127.0.0.1:" + server.actualPort() + "/mcp");
    return McpServerConfig.of(name, new Http(url, Map.of())).with(House.quick());
  }

  /** What came of that method, in order. */
  public List<Seen> seen(String method) {
    return seen.stream().filter(one -> one.method().equals(method)).toList();
  }

  /** Sends a notification on every open stream of changes. */
  public void tell(String method, String more) {
    listening.forEach(
        (id, response) ->
            response.write(
                event(
                    "{\"jsonrpc\":\"2.0\",\"method\":\""
                        + method
                        + "\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":"
                        + id
                        + "}"
                        + more
                        + "}}")));
  }

  /** Breaks all streams of changes. */
  public void dropStreams() {
    listening.values().forEach(HttpServerResponse::reset);
    listening.clear();
  }

  public static String discovered() {
    return "\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{\"listChanged\":true},"
               + "\"resources\":{\"subscribe\":true}},\"ttlMs\":0,\"cacheScope\":\"public\","
               + "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"modern\",\"version\":\"1\"}}";
  }

  /** Answers with a complete result of these members. */
  public static void result(HttpServerRequest request, Seen seen, String members) {
    raw(request, seen, "\"resultType\":\"complete\"," + members);
  }

  /** Answers with a result of these members. */
  public static void raw(HttpServerRequest request, Seen seen, String members) {
    HttpServerScript.json(request, HttpServerScript.result(seen.id(), "{" + members + "}"));
  }

  /** Answers with a JSON-RPC error of these members and HTTP 400. */
  public static void error(HttpServerRequest request, Seen seen, String members) {
    request.response().setStatusCode(400);
    HttpServerScript.json(
        request, "{\"jsonrpc\":\"2.0\",\"id\":" + seen.id() + ",\"error\":{" + members + "}}");
  }

  public static String event(String message) {
    return "data: " + message + "\n\n";
  }

  @Override
  public void close() {
    House.get(vertx.close().toCompletionStage().toCompletableFuture());
  }

  private void listen(HttpServerRequest request, Seen one) {
    HttpServerResponse response = HttpServerScript.events(request);
    listening.put(one.id(), response);
    response.closeHandler(_ -> listening.remove(one.id()));
    response.write(
        event(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\","
                + "\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":"
                + one.id()
                + "},\"notifications\":"
                + new String(Json.bytes(agreed(one)), java.nio.charset.StandardCharsets.UTF_8)
                + "}}"));
    consents.incrementAndGet();
  }

  private Map<String, Object> agreed(Seen listen) {
    Map<String, Object> agreed = new HashMap<>(Json.object(listen.params(), "notifications"));
    if (!tellsOfTasks) {
      agreed.remove("taskIds");
    }
    return agreed;
  }

  private void handle(HttpServerRequest request, Buffer body) {
    if (!request.method().name().equals("POST")) {
      request.response().setStatusCode(405).end();
      return;
    }
    Map<String, String> headers = new ConcurrentHashMap<>();
    request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    Map<String, Object> message;
    try {
      message = Json.object(body.getBytes(), 0, body.length());
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
    Seen one =
        new Seen(
            Json.text(message, "method"),
            headers,
            Json.object(message, "params"),
            message.getOrDefault("id", "none"));
    seen.add(one);
    request.response().closeHandler(_ -> closed.incrementAndGet());
    Answer answer = answers.get(one.method());
    if (answer == null) {
      request.response().setStatusCode(404);
      HttpServerScript.json(
          request,
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + one.id()
              + ",\"error\":{\"code\":-32601,\"message\":\"?\"}}");
    } else {
      answer.to(request, one);
    }
  }
}
