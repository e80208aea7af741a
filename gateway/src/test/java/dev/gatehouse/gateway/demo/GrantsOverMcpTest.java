package dev.gatehouse.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.gateway.Gatehouse;
import dev.gatehouse.gateway.cli.GatehouseCommand;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.registry.AgentKeys;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that asks for a grant over MCP, and the operator who answers by the command line. */
final class GrantsOverMcpTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private final Vertx around = Vertx.vertx();
  private final AgentKeys.GeneratedKey key = AgentKeys.generate();
  private final PrintStream stdout = System.out;
  private Path file;
  private Gatehouse gatehouse;
  private DemoAgent agent;

  @BeforeEach
  void start() throws Exception {
    int tickets =
        TicketSystem.start(around)
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    int port = freePort();
    file = directory.resolve("gatehouse.yaml");
    Files.writeString(
        file,
        """
        server: {host: 127.0.0.1, port: %d, event_loops: 1}
        admin: {host: 127.0.0.1, port: %d}
        data_dir: ./data
        audit: {segment_bytes: 1MiB}
        agents:
          - {id: helper, owner: Ada, purpose: tests, credentials: [{sha256: %s}],
             tools: ["tickets__*", request_grant], approval_hold: 1m}
        mcpServers:
          tickets: {type: http, url: "http://127.0.0.1:%d/mcp", class: customer_data, environment: prod}
        grants: {approvers: ["user:local-operator"]}
        """
            .formatted(port, freePort(), key.digest().hex(), tickets));
    gatehouse = Gatehouse.start(ConfigLoader.parse(file, Files.readString(file), Map.of()));
    agent = new DemoAgent(URI.create("http://127.0.0.1:" + port), key.key());
    await().atMost(PATIENCE).until(gatehouse::ready);
  }

  @AfterEach
  void stop() throws Exception {
    System.setOut(stdout);
    agent.close();
    gatehouse.close();
    around.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void whatAPersonGrantsNeedsNobodyUntilItIsRevoked() throws Exception {
    CompletableFuture<JsonObject> asking =
        agent.call(
            "request_grant",
            new JsonObject()
                .put("tool", "tickets__close_ticket")
                .put("minutes", 5)
                .put("reason", "many tickets of one incident"));
    ApprovalRequest question = question();
    assertThat(gatehouse("approval", "show", question.id().value()))
        .contains(
            "asks for a grant: write on connector \"tickets\", only its operation"
                + " \"close_ticket\", target \"prod\", for 5 min without asking again",
            "many tickets of one incident",
            "the agent can reach",
            "tickets (customer_data, prod)");
    gatehouse("approval", "approve", question.id().value());

    String grant = now(asking).getJsonObject("structuredContent").getString("grant");
    assertThat(text(now(close("T-1")))).isEqualTo("T-1 is closed");
    assertThat(text(now(close("T-2")))).isEqualTo("T-2 is closed");
    assertThat(gatehouse.approvals().pending()).isEmpty();
    assertThat(gatehouse("grant", "list")).contains(grant, "write tickets.close_ticket", "prod");

    assertThat(gatehouse("grant", "revoke", grant, "--reason", "done")).contains(grant);
    CompletableFuture<JsonObject> again = close("T-1");
    assertThat(question().tool()).isEqualTo("tickets__close_ticket");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(gatehouse("approval", "show", question().id().value()))
                    .contains(
                        "tickets__close_ticket  approval_required by risk.review",
                        "request_grant  "));
    gatehouse("approval", "deny", question().id().value(), "--reason", "the incident is over");
    assertThat(now(again).getBoolean("isError")).isTrue();
    assertThat(gatehouse("grant", "list")).contains("No grant is open.");

    gatehouse.close();
    assertThat(gatehouse("audit", "verify", "--recompute"))
        .contains("recomputed: 5 decisions come out as they stand");
  }

  @Test
  void aRequestThatDoesNotFitIsRefusedBeforeAnybodyIsAsked() throws Exception {
    JsonObject refused =
        now(
            agent.call(
                "request_grant",
                new JsonObject().put("tool", "tickets__close_ticket").put("minutes", 61)));
    assertThat(refused.getBoolean("isError")).isTrue();
    assertThat(text(refused)).contains("minutes lies in 1..60, this is 61");
    assertThat(gatehouse.approvals().pending()).isEmpty();
  }

  private CompletableFuture<JsonObject> close(String ticket) {
    return agent.call("tickets__close_ticket", new JsonObject().put("id", ticket));
  }

  private ApprovalRequest question() {
    await().atMost(PATIENCE).until(() -> !gatehouse.approvals().pending().isEmpty());
    return gatehouse.approvals().pending().getFirst();
  }

  /** Runs a command of the operator; gives what it prints. */
  private String gatehouse(String... command) {
    String[] all = Arrays.copyOf(command, command.length + 2);
    all[command.length] = "-c";
    all[command.length + 1] = file.toString();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      assertThat(GatehouseCommand.run(all)).isZero();
    } finally {
      System.setOut(stdout);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static <T> T now(CompletableFuture<T> stage) throws Exception {
    return stage.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static String text(JsonObject result) {
    JsonArray content = result.getJsonArray("content", new JsonArray());
    return content.isEmpty() ? result.encode() : content.getJsonObject(0).getString("text", "");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
