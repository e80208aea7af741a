package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.DESTRUCTIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An agent whose client reads for less than others is held for less. */
class ApprovalHoldTest {

  private static final Duration SHORT = Duration.ofMillis(700);

  @Test
  void holdOfTheAgentGoesBeforeThatOfTheEndpoint() throws Exception {
    try (TestServer server = new TestServer(GateFixture.authenticator(), new OneAgent())) {
      server.tools.tool("wipe", DESTRUCTIVE, ScriptedConnector.text("wiped"));
      server.gate.demand(
          new RequireApproval(
              new Reason("policy:ask", "wiping needs a person"),
              Duration.ofMinutes(10),
              List.of()));

      CompletableFuture<HttpResponse<String>> reply = server.sendAsync(server.call("wipe", "{}"));
      await().atMost(Duration.ofSeconds(20)).until(() -> server.timers.waiting(SHORT) == 1);
      assertThat(server.timers.waiting(McpTimes.DEFAULT.approvalHold())).isZero();
      server.timers.advance(SHORT);
      assertThat(reply.get(20, TimeUnit.SECONDS).body()).contains("input_required");
    }
  }

  @Test
  void holdIsLongerThanZero() {
    assertThatThrownBy(() -> agent(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("approval_hold");
  }

  private static Agent agent(Duration hold) {
    Agent like = new GateFixture().agent();
    return new Agent(
        like.id(),
        like.owner(),
        like.labels(),
        like.status(),
        like.statusReason(),
        like.manifest(),
        Optional.of(hold));
  }

  /** Knows one agent, under whatever name it is asked for. */
  private static final class OneAgent implements Registry {
    private final Agent agent = agent(SHORT);

    @Override
    public Optional<Agent> find(AgentId id) {
      return Optional.of(agent);
    }

    @Override
    public List<Agent> agents() {
      return List.of(agent);
    }
  }
}
