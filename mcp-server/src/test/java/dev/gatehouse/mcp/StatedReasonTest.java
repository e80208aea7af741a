package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.mcp.config.McpLimits;
import dev.gatehouse.mcp.config.McpOutcomes;
import dev.gatehouse.testkit.ScriptedConnector;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a model calls, as one more argument of every tool. */
class StatedReasonTest {

  private static final Map<String, Object> STRICT =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("id", Map.of("type", "string")),
          "additionalProperties",
          false);
  private static final Map<String, Object> OWN =
      Map.of("type", "object", "properties", Map.of("gatehouse_reason", Map.of("type", "string")));

  private final TestServer server = new TestServer();

  @BeforeEach
  void tools() {
    server.tools.tool(
        "close",
        WRITE,
        Map.of("name", "close", "inputSchema", STRICT),
        ScriptedConnector.text("closed"));
    server.tools.tool(
        "own", WRITE, Map.of("name", "own", "inputSchema", OWN), ScriptedConnector.text("done"));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void offered() {
    server.endpoint.reconfigure(TestServer.config(McpLimits.DEFAULT, McpOutcomes.DEFAULT, true));
  }

  @Test
  void toolsAreListedWithItWhereTheConfigSaysSo() throws Exception {
    assertThat(schema("close").at("/properties/gatehouse_reason").isMissingNode()).isTrue();
    offered();
    JsonNode schema = schema("close");
    assertThat(schema.at("/properties/gatehouse_reason/type").asText()).isEqualTo("string");
    assertThat(schema.at("/properties/id/type").asText()).isEqualTo("string");
    assertThat(schema.has("required")).isFalse();
    assertThat(schema("own").at("/properties/gatehouse_reason").has("description")).isFalse();
  }

  @Test
  void itIsTheAgentsWordAndNoArgument() throws Exception {
    offered();
    assertThat(call("close", "{\"id\":\"T-1\",\"gatehouse_reason\":\"solved\"}"))
        .contains("closed");
    assertThat(executed().arguments()).containsExactly(Map.entry("id", "T-1"));
    assertThat(executed().reasoning()).isEqualTo("solved");
    ToolCall first = executed();
    call("close", "{\"id\":\"T-1\",\"gatehouse_reason\":\"in other words\"}");
    assertThat(executed().digest()).as("it is the same call").isEqualTo(first.digest());
    call("close", "{\"id\":\"T-1\"}");
    assertThat(executed().digest()).isEqualTo(first.digest());
    assertThat(executed().reasoning()).isEmpty();
  }

  @Test
  void aToolThatHasOneOfThatNameKeepsIt() throws Exception {
    offered();
    call("own", "{\"gatehouse_reason\":\"its own\"}");
    assertThat(executed().arguments()).containsKey("gatehouse_reason");
    assertThat(executed().reasoning()).isEmpty();
  }

  @Test
  void whereItIsNotOfferedItIsAnArgumentLikeAnyOther() throws Exception {
    assertThat(call("close", "{\"id\":\"T-1\",\"gatehouse_reason\":\"x\"}"))
        .contains("do not fit the inputSchema");
    assertThat(server.tools.executed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "null", "{}", "\"LONG\""})
  void oneThatIsNoTextOfItsLengthIsRefused(String reason) throws Exception {
    offered();
    String reply =
        call(
            "close",
            "{\"gatehouse_reason\":%s}".formatted(reason.replace("LONG", "x".repeat(4_001))));
    if (reason.equals("null")) {
      assertThat(reply).contains("closed");
    } else {
      assertThat(reply).contains("gatehouse_reason must be a string of at most 4000 characters");
      assertThat(server.tools.executed()).isEmpty();
    }
  }

  private ToolCall executed() {
    ExecutionGrant last = server.tools.executed().getLast();
    return (ToolCall) last.call();
  }

  private String call(String tool, String arguments) throws Exception {
    return server.send(server.call(tool, arguments)).body();
  }

  private JsonNode schema(String tool) throws Exception {
    for (JsonNode listed : server.json(server.modern("tools/list", "", "")).at("/result/tools")) {
      if (listed.path("name").asText().equals(tool)) {
        return listed.path("inputSchema");
      }
    }
    throw new AssertionError("no tool " + tool);
  }
}
