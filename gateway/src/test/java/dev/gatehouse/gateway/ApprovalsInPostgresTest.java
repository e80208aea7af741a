package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.registry.AgentKeys;
import dev.gatehouse.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole gateway whose open questions lie in a real PostgreSQL, over restarts. */
final class ApprovalsInPostgresTest {

  private static PostgresServer server;

  @TempDir Path directory;
  private final AgentKeys.GeneratedKey key = AgentKeys.generate();
  private WholeGateway gateway;

  @BeforeAll
  static void startServer() throws IOException, InterruptedException {
    server = PostgresServer.start();
  }

  @AfterAll
  static void endServer() throws IOException, InterruptedException {
    server.remove();
  }

  @BeforeEach
  void start() throws Exception {
    String database = server.database();
    gateway =
        new WholeGateway(
            directory,
            Clock.systemUTC(),
            """
            agents:
              - {id: a, owner: Ada, purpose: tests, credentials: [{sha256: %s}], tools: ["*"], approval_hold: 1ms}
            mcpServers:
              behind: {url: "BEHIND", class: internal, environment: dev, operations: {"*": write}}
            policies:
              - {policy: look, when: behind.change, then: {effect: approval_required}}
            approvals:
              store: {postgres: {url: "postgresql://127.0.0.1:%d/%s", user: %s, password: hush}}
            """
                .formatted(key.digest().hex(), server.port(), database, database));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void anApprovalOutlivesTheProcessAndItsFilesAndIsUsedOnce() throws Exception {
    waits(change());
    ApprovalRequest asked = gateway.gatehouse().approvals().pending().getFirst();
    gateway.restart();
    assertThat(gateway.gatehouse().approvals().pending())
        .extracting(ApprovalRequest::id)
        .containsExactly(asked.id());

    gateway.operator("POST", "/admin/v1/approvals/" + asked.id().value() + "/approve", "{}");
    gateway.restart();
    assertThat(gateway.carriedOut()).isZero();
    assertThat(change().toString()).contains("seen");
    assertThat(gateway.carriedOut()).isEqualTo(1);

    gateway.restart();
    waits(change());
    assertThat(gateway.carriedOut()).isEqualTo(1);
    try (var files = Files.walk(directory.resolve("data"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("nothing of it lies beside the database")
          .noneMatch(name -> name.startsWith("approvals"));
    }
  }

  @Test
  void whileTheDatabaseIsAwayNothingThatNeedsApprovalIsCarriedOutAndTheRestIs() throws Exception {
    waits(change());
    ApprovalRequest asked = gateway.gatehouse().approvals().pending().getFirst();
    gateway.operator("POST", "/admin/v1/approvals/" + asked.id().value() + "/approve", "{}");
    server.halt();
    try {
      assertThat(change().toString()).doesNotContain("seen");
      assertThat(gateway.carriedOut()).isZero();
      assertThat(gateway.call(key, "behind__look", "{}").toString()).contains("seen");
    } finally {
      server.resume();
    }
  }

  private JsonNode change() throws Exception {
    return gateway.call(key, "behind__change", "{\"ticket\":\"T-1\"}");
  }

  private static void waits(JsonNode answer) {
    assertThat(answer.toString()).contains("\"state\":\"pending\"").doesNotContain("seen");
  }
}
