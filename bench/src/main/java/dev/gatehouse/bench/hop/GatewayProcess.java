package dev.gatehouse.bench.hop;

import dev.gatehouse.bench.process.ChildJvm;
import dev.gatehouse.bench.process.Leash;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.gateway.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The gateway under test, in a process on a leash: as it is shipped, with one agent, the mock as
 * its only provider and its only MCP server, and every default in force.
 */
public final class GatewayProcess {

  /** The key of the one agent that the gateway knows; the bare hop passes it on unread. */
  static final String KEY = "gh_" + "bench-".repeat(7) + "b";

  private GatewayProcess() {}

  /** Arguments: those of the {@code gatehouse} command. */
  public static void main(String[] args) {
    Leash.fasten();
    Main.main(args);
  }

  static ChildJvm start(Path directory, HopPlan plan, int upstreamPort)
      throws IOException, InterruptedException {
    String base = "http://127.0.0.1:" + upstreamPort;
    boolean messages = plan.messagesUpstream();
    String provider =
        "{type: %s, base_url: \"%s\", api_key: not-a-secret}"
            .formatted(messages ? "anthropic" : "openai", messages ? base : base + "/v1");
    String models =
        """
        providers:
          mock: %s
        models:
          - {name: "*", providers: [{provider: mock}]}
        """
            .formatted(provider);
    String bodies =
        plan.bodies() ? "audit: {bodies: {arguments: true, requests: true, results: true}}\n" : "";
    return start(directory, models + bodies, plan.recordings(), upstreamPort);
  }

  /** Starts it with further sections of the config. */
  static ChildJvm start(
      Path directory, String sections, Optional<Path> recordings, int upstreamPort)
      throws IOException, InterruptedException {
    int port = ChildJvm.freePort();
    Path config = directory.resolve("gatehouse.yaml");
    Files.writeString(config, config(port, ChildJvm.freePort(), upstreamPort) + sections);
    return ChildJvm.start(
        "gateway",
        directory,
        HopFlags.with("gateway", recordings),
        GatewayProcess.class,
        port,
        List.of("start", "-c", config.toString()));
  }

  private static String config(int port, int adminPort, int upstreamPort) {
    return """
    server: {host: 127.0.0.1, port: %d}
    admin: {host: 127.0.0.1, port: %d}
    data_dir: ./data
    mcp: {calls_per_agent_max: 1024, requests_per_agent_max: 1024}
    agents:
      - id: bench
        owner: "Bench <bench@example.com>"
        purpose: load
        credentials: [{sha256: %s}]
        tools: ["*"]
        models: ["*"]
    mcpServers:
      up:
        type: http
        url: "http://127.0.0.1:%d/mcp"
        class: internal
        environment: dev
        operations: {"*": read}
        limits: {calls_max: 1024}
    """
        .formatted(
            port,
            adminPort,
            Digest.of(KEY.getBytes(StandardCharsets.US_ASCII)).hex(),
            upstreamPort);
  }
}
