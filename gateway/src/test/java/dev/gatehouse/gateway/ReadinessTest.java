package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.registry.AgentKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a gateway says that agents may come. */
final class ReadinessTest {

  private static final Pattern ID = Pattern.compile("\"id\":(\\d+|\"[^\"]*\")");

  @TempDir Path directory;
  private final CountDownLatch released = new CountDownLatch(1);
  private final AgentKeys.GeneratedKey key = AgentKeys.generate();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer upstream;
  private final int port = freePort();

  ReadinessTest() throws IOException {
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    upstream.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    upstream.createContext("/mcp", this::answer);
    upstream.start();
  }

  @AfterEach
  void stop() {
    released.countDown();
    client.close();
    upstream.stop(0);
  }

  @Test
  void notReadyBeforeEachUpstreamWasTriedThenTheFirstListIsComplete() throws Exception {
    try (Gatehouse _ = Gatehouse.start(config(upstream.getAddress().getPort()))) {
      HttpResponse<String> early = get("/readyz");

      assertThat(early.statusCode()).isEqualTo(503);
      assertThat(early.body())
          .isEqualTo(
              "{\"status\":\"not ready\"," + "\"because\":\"MCP servers still to be tried: 1\"}");
      assertThat(get("/healthz").statusCode()).isEqualTo(200);

      released.countDown();

      awaitReady();
      assertThat(toolsList()).contains("slow__look");
    }
  }

  @Test
  void deadUpstreamDoesNotKeepTheGatewayFromBeingReady() throws Exception {
    try (Gatehouse _ = Gatehouse.start(config(freePort()))) {
      awaitReady();
      assertThat(get("/readyz").body()).isEqualTo("{\"status\":\"ready\"}");
    }
  }

  @Test
  void upstreamThatComesLaterDoesNotTakeAReadyGatewayOutOfService() {
    AtomicInteger neverTried = new AtomicInteger();
    Readiness readiness = new Readiness(() -> true, () -> true, () -> true, neverTried::get);
    assertThat(readiness.awaited()).isEmpty();

    neverTried.set(1);

    assertThat(readiness.awaited()).isEmpty();
  }

  @Test
  void readyOnlyWhileTheRecordTakesRows() {
    AtomicBoolean recording = new AtomicBoolean(true);
    Readiness readiness = new Readiness(recording::get, () -> true, () -> true, () -> 0);
    assertThat(readiness.awaited()).isEmpty();

    recording.set(false);

    assertThat(readiness.awaited()).contains("the audit log takes no rows");
  }

  @Test
  void readyOnlyWhenItIsKnownWhatTheFleetHasStopped() {
    AtomicBoolean known = new AtomicBoolean();
    Readiness readiness = new Readiness(() -> true, known::get, () -> true, () -> 0);
    assertThat(readiness.awaited()).contains("what the fleet has stopped is not heard yet");

    known.set(true);

    assertThat(readiness.awaited()).isEmpty();
  }

  private GatewayConfig config(int upstreamPort) throws Exception {
    return ConfigLoader.parse(
        directory.resolve("gatehouse.yaml"),
        """
        server: {port: %d, event_loops: 1}
        admin: {port: %d}
        audit: {segment_bytes: 1MiB}
        agents:
          - id: a
            owner: Ada
            purpose: tests
            credentials: [{sha256: %s}]
            tools: ["slow__*"]
        mcpServers:
          slow: {url: "http://127.0.0.1:%d/mcp", class: internal, environment: dev}
        """
            .formatted(port, freePort(), key.digest().hex(), upstreamPort),
        Map.of());
  }

  private void awaitReady() {
    Awaitility.await("ready")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> get("/readyz").statusCode() == 200);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private String toolsList() throws IOException, InterruptedException {
    HttpRequest request =
        McpRequests.tools(uri("/mcp")).header("authorization", "Bearer " + key.key()).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** An MCP server that answers nothing before it is released. */
  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Matcher id = ID.matcher(body);
    if (!exchange.getRequestMethod().equals("POST")) {
      exchange.sendResponseHeaders(405, -1);
    } else if (!id.find()) {
      exchange.sendResponseHeaders(202, -1);
    } else {
      String result =
          body.contains("\"tools/list\"")
              ? "{\"tools\":[{\"name\":\"look\",\"inputSchema\":{\"type\":\"object\"}}]}"
              : "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
                  + "\"serverInfo\":{\"name\":\"slow\",\"version\":\"1\"}}";
      byte[] answer =
          ("{\"jsonrpc\":\"2.0\",\"id\":" + id.group(1) + ",\"result\":" + result + "}")
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("content-type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
    exchange.close();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
