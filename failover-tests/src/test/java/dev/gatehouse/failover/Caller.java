package dev.gatehouse.failover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** An agent: asks a model and calls tools, by plain HTTP. Thread-safe. */
final class Caller implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;
  private final String key;

  Caller(House house) {
    this(house.port, house.key.key());
  }

  Caller(int port, String key) {
    this.base = URI.create("http://127.0.0.1:" + port);
    this.key = key;
  }

  HttpResponse<String> ask() throws IOException, InterruptedException {
    return ask("m");
  }

  HttpResponse<String> ask(String model) throws IOException, InterruptedException {
    return post(
        "/v1/chat/completions",
        "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
  }

  /** Calls a tool without arguments in the modern era; gives the JSON-RPC answer. */
  JsonNode call(String tool) throws IOException, InterruptedException {
    return call(tool, "{}");
  }

  /** The same with these arguments, a JSON object. */
  JsonNode call(String tool, String arguments) throws IOException, InterruptedException {
    String meta =
        "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientInfo\":{\"name\":\"t\",\"version\":\"1\"},"
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\""
            + tool
            + "\",\"arguments\":"
            + arguments
            + ",\"_meta\":"
            + meta
            + "}}";
    HttpResponse<String> response =
        post(
            "/mcp",
            body,
            "accept",
            "application/json, text/event-stream",
            "mcp-protocol-version",
            "2026-07-28",
            "mcp-method",
            "tools/call",
            "mcp-name",
            tool);
    return JSON.readTree(response.body());
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(TIMEOUT)
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
