package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.registry.AgentKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/**
 * A gateway with its sockets, before one server, and those who come to it: agents and operators.
 */
final class WholeGateway implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  final ServerBehind behind = new ServerBehind();
  final URI data = loopback(freePort());
  final URI admin = loopback(freePort());
  private final Path home;
  private final Clock clock;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Gatehouse gatehouse;

  /**
   * Starts it and waits until agents may come.
   *
   * @param config what there is beside its addresses; {@code BEHIND} is the server's URL
   */
  WholeGateway(Path home, Clock clock, String config) throws Exception {
    this.home = home;
    this.clock = clock;
    Files.writeString(
        home.resolve("gatehouse.yaml"),
        """
        server: {port: %d, event_loops: 1}
        admin: {port: %d}
        data_dir: %s
        audit: {segment_bytes: 1MiB}
        """
                .formatted(data.getPort(), admin.getPort(), home.resolve("data"))
            + config.replace("BEHIND", "http://127.0.0.1:" + behind.port() + "/mcp"));
    gatehouse = started();
  }

  /** Ends it and starts it anew, from its config and what it kept. */
  void restart() throws Exception {
    gatehouse.close();
    gatehouse = started();
  }

  Gatehouse gatehouse() {
    return gatehouse;
  }

  private Gatehouse started() throws Exception {
    Gatehouse started =
        Gatehouse.start(ConfigLoader.load(home.resolve("gatehouse.yaml"), Map.of()), clock);
    Awaitility.await("ready")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                send(HttpRequest.newBuilder(data.resolve("/readyz")).build()).statusCode() == 200);
    return started;
  }

  /** The result of a call, or its error. */
  JsonNode call(AgentKeys.GeneratedKey key, String tool, String arguments) throws Exception {
    return result(send(as(key, McpRequests.call(mcp(), tool, arguments))));
  }

  /** The same without waiting for it. */
  CompletableFuture<JsonNode> calling(AgentKeys.GeneratedKey key, String tool, String arguments) {
    return client
        .sendAsync(as(key, McpRequests.call(mcp(), tool, arguments)), BodyHandlers.ofString())
        .thenApply(WholeGateway::result);
  }

  /** A new session; its id. */
  String session(AgentKeys.GeneratedKey key) throws Exception {
    HttpResponse<String> opened = send(as(key, McpRequests.initialize(mcp())));
    return opened.headers().firstValue("mcp-session-id").orElseThrow();
  }

  JsonNode call(AgentKeys.GeneratedKey key, String session, String tool, String arguments)
      throws Exception {
    return result(send(as(key, McpRequests.call(mcp(), session, tool, arguments))));
  }

  /** What was carried out: calls of tools that the server saw. */
  long carriedOut() {
    return behind.sentOn.stream().filter(sent -> sent.contains("\"tools/call\"")).count();
  }

  /** An operator's request. */
  JsonNode operator(String method, String path, String body) throws Exception {
    String key = Files.readString(home.resolve("data/operator.token")).strip();
    HttpResponse<String> answer = send(request(admin.resolve(path), method, key, body));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** Somebody's request, whatever comes of it. */
  HttpResponse<String> request(URI place, String method, AgentKeys.GeneratedKey key, String body)
      throws Exception {
    return send(request(place, method, key.key(), body));
  }

  private static HttpRequest request(URI place, String method, String key, String body) {
    return HttpRequest.newBuilder(place)
        .header("authorization", "Bearer " + key)
        .header("content-type", "application/json")
        .method(method, BodyPublishers.ofString(body))
        .build();
  }

  private static HttpRequest as(AgentKeys.GeneratedKey key, HttpRequest.Builder request) {
    return request.header("authorization", "Bearer " + key.key()).build();
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  private static JsonNode result(HttpResponse<String> response) {
    try {
      JsonNode answer = JSON.readTree(response.body());
      return answer.has("result") ? answer.get("result") : answer;
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + response.body(), e);
    }
  }

  private URI mcp() {
    return data.resolve("/mcp");
  }

  private static URI loopback(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    gatehouse.close();
    client.shutdownNow();
    behind.close();
  }
}
