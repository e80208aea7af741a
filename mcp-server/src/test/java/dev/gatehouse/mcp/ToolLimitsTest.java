package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.limit.Measure;
import dev.gatehouse.core.limit.UsageLimit;
import dev.gatehouse.core.limit.UsageLimit.Dimension;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.testkit.ScriptedConnector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits of tool calls, as agents meet them. */
class ToolLimitsTest {

  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  private JsonNode call() throws Exception {
    return server.json(server.call("look", "{}")).get("result");
  }

  @Test
  void aCallTooManyIsToldWhichLimitItIsAndWhenToCallAgainAndIsNotCarriedOut() throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("seen"));
    server.limits.replaceOfTools(
        List.of(
            new UsageLimit(
                "each-tool",
                Set.of(Dimension.AGENT, Dimension.TOOL),
                List.of(),
                List.of(),
                List.of(),
                List.of(new Glob("look")),
                Map.of(Measure.CALLS_PER_MINUTE, 1L))));
    assertThat(call().at("/content/0/text").asText()).isEqualTo("seen");

    JsonNode refused = call();

    assertThat(refused.at("/isError").asBoolean()).isTrue();
    assertThat(refused.at("/content/0/text").asText())
        .contains(
            "THROTTLED, NOT EXECUTED. Rule limits.each-tool: limit each-tool of agent tester, tool"
                + " look is 1 calls per minute: 1 are used",
            "Wait 65 s, then call again.");
    JsonNode decision = refused.at("/_meta/dev.gatehouse~1decision");
    assertThat(decision.get("verdict").asText()).isEqualTo("throttle");
    assertThat(decision.get("rule").asText()).isEqualTo("limits.each-tool");
    assertThat(decision.get("retry_after_ms").asLong()).isEqualTo(65_000);
    assertThat(server.tools.executed()).hasSize(1);
    assertThat(server.gate.audit.rows("intent").getLast())
        .containsEntry("verdict", "throttle")
        .containsEntry("rule", "limits.each-tool");

    server.gate.clock.advance(Duration.ofSeconds(65));
    assertThat(call().at("/content/0/text").asText()).isEqualTo("seen");
  }
}
