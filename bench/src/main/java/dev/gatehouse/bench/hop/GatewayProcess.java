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
    int port = ChildJvm.freePort();
    Path config = directory.resolve("gatehouse.yaml");
    Files.writeString(config, config(plan, port, ChildJvm.freePort(), upstreamPort));
    return ChildJvm.start(
        "gateway",
        directory,
        HopFlags.with("gateway", plan.recordings()),
        GatewayProcess.class,
        port,
        List.of("start", "-c", config.toString()));
  }

  private static String config(HopPlan plan, int port, int adminPort, int upstreamPort) {
    boolean messages = plan.protocol() == HopPlan.Protocol.MESSAGES;
    String base = "http://127.0.0.1:" + upstreamPort;
    return """
    server: {host: 127.0.0.1, port: %d}
    admin: {host: 127.0.0.1, port: %d}
    data_dir: ./data
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
        url: "%s/mcp"
        class: internal
        environment: dev
        operations: {"*": read}
    providers:
      mock: {type: %s, base_url: "%s", api_key: not-a-secret}
    models:
      - {name: "*", providers: [{provider: mock}]}
    """
        .formatted(
            port,
            adminPort,
            Digest.of(KEY.getBytes(StandardCharsets.US_ASCII)).hex(),
            base,
            messages ? "anthropic" : "openai",
            messages ? base : base + "/v1");
  }
}
