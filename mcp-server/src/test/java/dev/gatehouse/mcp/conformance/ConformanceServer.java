package dev.gatehouse.mcp.conformance;

import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.mcp.McpEndpoint;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpPorts;
import dev.gatehouse.mcp.config.McpWaiting;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;

/**
 * The endpoint with the tools, resources and prompts that the official conformance suite calls,
 * open to anybody, for the suite and for trying real clients.
 */
final class ConformanceServer {

  /** As in production, but for the connections that the suite expects to be closed on it. */
  private static final McpConfig CONFIG = withConnectionHold(Duration.ofSeconds(1));

  private ConformanceServer() {}

  private static McpConfig withConnectionHold(Duration hold) {
    McpConfig d = McpConfig.DEFAULT;
    McpWaiting w = d.waiting();
    return new McpConfig(
        d.path(),
        d.serverName(),
        d.serverVersion(),
        d.instructions(),
        d.allowedHosts(),
        d.allowedOrigins(),
        d.reasonArgument(),
        d.approvalHint(),
        d.limits(),
        d.times(),
        new McpWaiting(
            w.questionsMax(),
            w.parkedPerAgentMax(),
            w.parkedHold(),
            w.approvalLegsMax(),
            w.approvalPoll(),
            w.tasksPerAgentMax(),
            w.taskTtl(),
            w.taskPoll(),
            w.taskBudget(),
            w.replayEventsMax(),
            w.replayBytesMax(),
            w.replayHold(),
            hold,
            Duration.ofMillis(200)),
        d.outcomes());
  }

  /**
   * Serves until killed, on the port given, or on any with 0; the first line of standard output is
   * the port.
   */
  public static void main(String[] args) {
    GateFixture gate = new GateFixture();
    ScriptedConnector connector = new ScriptedConnector();
    Vertx vertx = Vertx.vertx();
    new ToolFixtures(connector, vertx).add();
    ResourceFixtures.addTo(connector.contexts());
    PromptFixtures.addTo(connector.contexts());
    AskingFixtures.addTo(connector);
    new TaskFixtures(connector, vertx).add();
    McpEndpoint endpoint =
        McpEndpoint.create(
            vertx,
            new McpPorts(
                gate.gate(),
                (_, _) -> new Authenticated(GateFixture.PRINCIPAL),
                gate.registry(),
                connector,
                connector.contexts(),
                gate.approvals,
                Clock.systemUTC()),
            CONFIG);
    int port =
        vertx
            .createHttpServer()
            .requestHandler(endpoint::handle)
            .listen(Integer.parseInt(args[0]), "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
    System.out.println(port);
  }
}
