package dev.gatehouse.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.limit.Limits;
import dev.gatehouse.core.registry.Authenticator;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpLimits;
import dev.gatehouse.mcp.config.McpOutcomes;
import dev.gatehouse.mcp.config.McpPorts;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.mcp.config.McpWaiting;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The endpoint on a real socket, in front of a real Gate and scripted tools. */
final class TestServer implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();
  static final String META =
      """
      "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
      "io.modelcontextprotocol/clientCapabilities":{}\
      """;

  /** Capabilities of a client that takes tasks and questions. */
  static final String TASKS =
      """
      {"elicitation":{},"sampling":{},"roots":{},\
      "extensions":{"io.modelcontextprotocol/tasks":{}}}\
      """;

  final GateFixture gate = new GateFixture();
  final ScriptedConnector tools = new ScriptedConnector();
  final ManualTimers timers = new ManualTimers(gate.clock);
  final Limits limits = new Limits(gate.clock, System::nanoTime);
  final McpEndpoint endpoint;
  final int port;
  final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  TestServer() {
    this(GateFixture.authenticator());
  }

  TestServer(Authenticator authenticator) {
    this(authenticator, Optional.empty());
  }

  /** A server whose endpoint looks agents up there. */
  TestServer(Authenticator authenticator, Registry registry) {
    this(authenticator, Optional.of(registry));
  }

  private TestServer(Authenticator authenticator, Optional<Registry> registry) {
    endpoint =
        McpEndpoint.create(
            vertx,
            new McpPorts(
                gate.gate(),
                authenticator,
                registry.orElseGet(gate::registry),
                tools,
                tools.contexts(),
                gate.approvals,
                gate.clock,
                limits::ofCall),
            config(McpLimits.DEFAULT),
            timers);
    server =
        vertx
            .createHttpServer()
            .requestHandler(endpoint::handle)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    port = server.actualPort();
  }

  static McpConfig config(McpLimits limits) {
    return config(limits, McpOutcomes.DEFAULT);
  }

  static McpConfig config(McpLimits limits, McpOutcomes outcomes) {
    return config(limits, outcomes, false);
  }

  static McpConfig config(McpLimits limits, McpOutcomes outcomes, boolean reasonArgument) {
    return new McpConfig(
        "/mcp",
        "gatehouse",
        "test",
        "Be governed.",
        Set.of("gw.example"),
        Set.of("https://console.example"),
        reasonArgument,
        "gatehouse approval approve {id}",
        limits,
        McpTimes.DEFAULT,
        McpWaiting.DEFAULT,
        outcomes);
  }

  /** A POST with a good key and the usual headers. */
  HttpRequest.Builder post(String body) {
    return bare()
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream")
        .header("Authorization", "Bearer " + GateFixture.KEY)
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  HttpRequest.Builder bare() {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/mcp"))
        .timeout(Duration.ofSeconds(20));
  }

  /** A request of the modern era; {@code params} are members without braces, or empty. */
  HttpRequest.Builder modern(String method, String name, String params) {
    HttpRequest.Builder request =
        post("""
        {"jsonrpc":"2.0","id":1,"method":"%s","params":{%s%s}}}\
        """
                .formatted(method, params.isEmpty() ? "" : params + ",", META))
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", method);
    return name.isEmpty() ? request : request.header("Mcp-Name", name);
  }

  /** A modern tools/call. */
  HttpRequest.Builder call(String tool, String arguments) {
    return modern(
        "tools/call",
        tool,
        """
        "name":"%s","arguments":%s\
        """
            .formatted(tool, arguments));
  }

  /** A modern tools/call with further params, as members without braces. */
  HttpRequest.Builder call(String tool, String arguments, String more) {
    return modern(
        "tools/call",
        tool,
        """
        "name":"%s","arguments":%s,%s\
        """
            .formatted(tool, arguments, more));
  }

  /** A modern request of a client with these capabilities. */
  HttpRequest.Builder capable(String method, String name, String params, String capabilities) {
    return post("""
    {"jsonrpc":"2.0","id":1,"method":"%s","params":{%s,%s}}}\
    """
            .formatted(
                method,
                params,
                META.replace("Capabilities\":{}", "Capabilities\":" + capabilities)))
        .header("MCP-Protocol-Version", "2026-07-28")
        .header("Mcp-Method", method)
        .header("Mcp-Name", name);
  }

  /** A modern tools/call of a client that takes tasks and questions. */
  HttpRequest.Builder callAsTask(String tool, String arguments) {
    return capable(
        "tools/call", tool, "\"name\":\"%s\",\"arguments\":%s".formatted(tool, arguments), TASKS);
  }

  /** A request about a task; {@code more} are further params as members without braces. */
  HttpRequest.Builder taskRequest(String method, String id, String more) {
    return capable(
        method, id, "\"taskId\":\"%s\"%s".formatted(id, more.isEmpty() ? "" : "," + more), TASKS);
  }

  /** A modern tools/call that wants progress. */
  HttpRequest.Builder callWithProgress(String tool, String arguments) {
    return post("""
    {"jsonrpc":"2.0","id":"p-1","method":"tools/call","params":{"name":"%s",\
    "arguments":%s,%s,"progressToken":"tok"}}}\
    """
            .formatted(tool, arguments, META))
        .header("MCP-Protocol-Version", "2026-07-28")
        .header("Mcp-Method", "tools/call")
        .header("Mcp-Name", tool);
  }

  /** Opens a session for the agent of that key and returns its id. */
  String session(String key) throws Exception {
    HttpResponse<String> response =
        send(
            post("""
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":\
            "2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}\
            """)
                .setHeader("Authorization", "Bearer " + key));
    return response.headers().firstValue("mcp-session-id").orElseThrow();
  }

  /** A request of the old era within a session. */
  HttpRequest.Builder legacy(String session, String message) {
    return post(message).header("Mcp-Session-Id", session);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), BodyHandlers.ofString());
  }

  JsonNode json(HttpRequest.Builder request) throws Exception {
    return JSON.readTree(send(request).body());
  }

  /** Opens a stream of events. */
  Events events(HttpRequest.Builder request) throws Exception {
    return new Events(client.send(request.build(), BodyHandlers.ofInputStream()));
  }

  /** Sends the request of {@link #callWithProgress} on a socket that nobody reads. */
  Socket sendUnread(String tool) throws IOException {
    String body =
        """
        {"jsonrpc":"2.0","id":"p-1","method":"tools/call","params":{"name":"%s",%s,\
        "progressToken":"tok"}}}\
        """
            .formatted(tool, META);
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    String head =
        """
        POST /mcp HTTP/1.1
        Host: localhost
        Content-Type: application/json
        Authorization: Bearer %s
        MCP-Protocol-Version: 2026-07-28
        Mcp-Method: tools/call
        Mcp-Name: %s
        Content-Length: %d

        """
            .formatted(GateFixture.KEY, tool, body.length());
    socket
        .getOutputStream()
        .write((head.replace("\n", "\r\n") + body).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Sends raw bytes and returns all that comes back until the server closes, or {@code wait}. */
  String raw(byte[] bytes, Duration wait) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) wait.toMillis());
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readNBytes(1 << 16), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    endpoint.close();
    client.shutdownNow();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("vertx did not close", e);
    }
  }

  /** A stream of events as a client reads it. */
  static final class Events implements AutoCloseable {

    final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    Events(HttpResponse<InputStream> response) {
      this.response = response;
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The next message; comments and events without data are skipped. */
    JsonNode next() throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ") && line.length() > "data: ".length()) {
          return JSON.readTree(line.substring("data: ".length()));
        }
      }
      throw new IOException("the stream ended");
    }

    /** The next line as it is. */
    String line() throws IOException {
      return String.valueOf(lines.readLine());
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }
}
