package dev.gatehouse.failover;

import dev.gatehouse.registry.AgentKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory with a gateway's config and data, fake upstreams behind it, and one agent's key. */
final class House implements AutoCloseable {

  static final String REFUSING_FIRST = "refusing, good";
  static final String GOOD_FIRST = "good, refusing";

  final FakeUpstreams upstreams = new FakeUpstreams();
  final AgentKeys.GeneratedKey key = AgentKeys.generate();
  final Path directory;
  final int port = freePort();
  private final int adminPort = freePort();

  House(Path directory) throws IOException {
    this.directory = directory;
    write(config(GOOD_FIRST));
  }

  Path configFile() {
    return directory.resolve("gatehouse.yaml");
  }

  Path audit() {
    return directory.resolve("data").resolve("audit");
  }

  void write(String config) throws IOException {
    Path next = directory.resolve("next.yaml");
    Files.writeString(next, config);
    Files.move(next, configFile(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  String config(String order) {
    return """
    server: {port: %d, event_loops: 2}
    admin: {port: %d}
    audit: {segment_bytes: 1MiB}
    agents:
      - id: loader
        owner: Test Owner
        purpose: Loads the gateway
        credentials: [{sha256: %s}]
        tools: ["up__*"]
        models: ["m"]
    mcpServers:
      up: {type: http, url: "%s", class: internal, environment: dev}
    providers:
      good: {type: openai, base_url: "%s", api_key: k}
      refusing: {type: openai, base_url: "%s", api_key: k}
    models:
      - {name: m, providers: [%s]}
    llm: {breaker: {failures_max: 10000}, retries_max: 0}
    """
        .formatted(
            port,
            adminPort,
            key.digest().hex(),
            upstreams.url("/mcp"),
            upstreams.url("/good/v1"),
            upstreams.url("/refusing/v1"),
            order);
  }

  GatewayProcess start() throws IOException {
    return GatewayProcess.start(configFile(), port);
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
    upstreams.close();
  }
}
