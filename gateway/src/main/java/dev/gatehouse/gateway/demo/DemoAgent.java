package dev.gatehouse.gateway.demo;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * An agent of the demo: an MCP client of the 2026-07-28 era and a chat-completions client, by plain
 * HTTP.
 */
final class DemoAgent implements AutoCloseable {

  private static final String PROTOCOL = "2026-07-28";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;
  private final String key;

  DemoAgent(URI base, String key) {
    this.base = base;
    this.key = key;
  }

  /** Calls a tool; gives the tool's result. */
  CompletableFuture<JsonObject> call(String tool, JsonObject arguments) {
    JsonObject meta =
        new JsonObject()
            .put("io.modelcontextprotocol/protocolVersion", PROTOCOL)
            .put(
                "io.modelcontextprotocol/clientInfo",
                new JsonObject().put("name", "gatehouse-demo").put("version", "1.0"))
            .put("io.modelcontextprotocol/clientCapabilities", new JsonObject());
    JsonObject params =
        new JsonObject().put("name", tool).put("arguments", arguments).put("_meta", meta);
    JsonObject message =
        new JsonObject()
            .put("jsonrpc", "2.0")
            .put("id", 1)
            .put("method", "tools/call")
            .put("params", params);
    HttpRequest request =
        post("/mcp", message)
            .header("accept", "application/json, text/event-stream")
            .header("mcp-protocol-version", PROTOCOL)
            .header("mcp-method", "tools/call")
            .header("mcp-name", tool)
            .build();
    return client.sendAsync(request, BodyHandlers.ofString()).thenApply(DemoAgent::result);
  }

  /** Asks the model; gives the whole response. */
  CompletableFuture<HttpResponse<String>> ask(String question) {
    JsonObject message = new JsonObject().put("role", "user").put("content", question);
    JsonObject body =
        new JsonObject()
            .put("model", "demo")
            .put("messages", new io.vertx.core.json.JsonArray().add(message));
    return client.sendAsync(post("/v1/chat/completions", body).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder post(String path, JsonObject body) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(TIMEOUT)
        .header("authorization", "Bearer " + key)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body.encode()));
  }

  private static JsonObject result(HttpResponse<String> response) {
    JsonObject answer = new JsonObject(response.body());
    return answer.getJsonObject("result", answer);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
