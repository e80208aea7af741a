package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.config.UpstreamTransport.Stdio;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.gateway.config.GatewayConfig;
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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holes that were found in other gateways, tried on the whole of ours. */
final class KnownHolesTest {

  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}\
      """;

  @TempDir Path directory;

  /**
   * A virtual server that does not exist is taken for all of them, and a session opens every route
   * (GHSA-mvgg-jvj2-4frq).
   */
  @Test
  void nothingIsServedBesideTheOneEndpoint() throws Exception {
    AgentKeys.GeneratedKey key = AgentKeys.generate();
    int port = freePort();
    int adminPort = freePort();
    GatewayConfig config =
        parse(
            """
            server: {port: %d, event_loops: 1}
            admin: {port: %d}
            audit: {segment_bytes: 1MiB}
            agents:
              - {id: a, owner: Ada, purpose: tests, credentials: [{sha256: %s}], tools: ["*"]}
            """
                .formatted(port, adminPort, key.digest().hex()),
            Map.of());
    try (Gatehouse _ = Gatehouse.start(config);
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> opened =
          client.send(post(port, "/mcp", key, ""), BodyHandlers.ofString());
      assertThat(opened.statusCode()).isEqualTo(200);
      String session = opened.headers().firstValue("mcp-session-id").orElseThrow();
      for (String path :
          List.of(
              "/", "/mcp/", "/mcp/all", "/servers/all/mcp", "//mcp", "/MCP", "/sse", "/admin")) {
        HttpResponse<String> reply =
            client.send(post(port, path, key, session), BodyHandlers.ofString());
        assertThat(reply.statusCode()).as(path).isEqualTo(404);
        assertThat(reply.body()).as(path).doesNotContain("jsonrpc");
      }
      assertThat(
              client
                  .send(post(adminPort, "/mcp", key, session), BodyHandlers.ofString())
                  .statusCode())
          .as("the admin port")
          .isBetween(400, 499);
    }
  }

  /** A variable's value becomes a part of the config: another command (CVE-2026-30623). */
  @Test
  void valuesOfVariablesAreTextsAndNothingElse() throws Exception {
    String command = "run\", \"args\": [\"-c\"], \"x\": \"";
    String lines = "a\n      command: evil";
    String list = "[\"-c\", \"evil\"]";
    String map = "{A: b}";
    String again = "${CMD}";
    GatewayConfig config =
        parse(
            """
            agents: []
            mcpServers:
              s:
                command: ${CMD}
                args: ["${LINES}", "${LIST}", "${AGAIN}"]
                env: {K: "${MAP}"}
            """,
            Map.of("CMD", command, "LINES", lines, "LIST", list, "MAP", map, "AGAIN", again));

    assertThat(config.mcpServers())
        .singleElement()
        .satisfies(
            server ->
                assertThat(server.transport())
                    .isInstanceOfSatisfying(
                        Stdio.class,
                        stdio -> {
                          assertThat(stdio.command()).isEqualTo(command);
                          assertThat(stdio.args()).containsExactly(lines, list, again);
                          assertThat(stdio.env()).isEqualTo(Map.of("K", map));
                        }));
  }

  private GatewayConfig parse(String text, Map<String, String> environment) throws Exception {
    return ConfigLoader.parse(directory.resolve("gatehouse.yaml"), text, environment);
  }

  private static HttpRequest post(
      int port, String path, AgentKeys.GeneratedKey key, String session) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("authorization", "Bearer " + key.key())
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream")
            .POST(BodyPublishers.ofString(INITIALIZE));
    return (session.isEmpty() ? request : request.header("mcp-session-id", session)).build();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
