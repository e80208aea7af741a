package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.testkit.ScriptedConnector;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchemasTest {

  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void argumentsThatDoNotFitAreAnErrorResultAndNotExecuted() throws Exception {
    add(Map.of("n", 1));
    JsonNode result = server.json(server.call("count", "{\"n\":\"one\"}")).get("result");
    assertThat(result.get("isError").asBoolean()).isTrue();
    assertThat(result.at("/content/0/text").asText())
        .startsWith("INVALID ARGUMENTS, NOT EXECUTED")
        .contains("/n is not of type integer");
    assertThat(server.tools.executed()).isEmpty();
    assertThat(
            server
                .json(server.call("count", "{\"n\":1}"))
                .at("/result/structuredContent/n")
                .asInt())
        .isEqualTo(1);
  }

  @Test
  void argumentsThatDoNotFitAreDeniedOnRecordWithoutRepeatingThem() throws Exception {
    add(Map.of("n", 1));

    JsonNode result = server.json(server.call("count", "{\"n\":\"sesame\"}")).get("result");

    assertThat(server.gate.audit.rows("outcome")).isEmpty();
    assertThat(server.gate.audit.rows("intent"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row)
                  .containsEntry("verdict", "deny")
                  .containsEntry("rule", "arguments.schema")
                  .containsEntry("tool", "count")
                  .containsKey("request_digest");
              assertThat(row.toString()).doesNotContain("sesame");
            });
    assertThat(result.at("/_meta/dev.gatehouse~1decision/rule").asText())
        .isEqualTo("arguments.schema");
    assertThat(result.at("/_meta/dev.gatehouse~1audit/seq").isNumber()).isTrue();
  }

  @Test
  void nobodyIsAskedToApproveArgumentsThatDoNotFit() throws Exception {
    add(Map.of("n", 1));
    server.gate.demand(
        new Decision.RequireApproval(
            new Reason("risk.review", "too risky"), Duration.ofMinutes(10), List.of()));

    assertThat(server.json(server.call("count", "{\"n\":\"one\"}")).at("/result/content/0/text"))
        .asString()
        .contains("INVALID ARGUMENTS, NOT EXECUTED");
    assertThat(server.gate.approvals.pending()).isEmpty();
  }

  @Test
  void anAgentThatIsRefusedAnywayLearnsNothingOfASchemaAndCostsNoCheck() throws Exception {
    add(Map.of("n", 1));
    server.gate.demand(new Decision.Deny(new Reason("policy:never", "never")));

    assertThat(server.send(server.call("count", "{\"n\":\"one\"}")).body())
        .contains("policy:never")
        .doesNotContain("integer", "INVALID");
  }

  @Test
  void argumentsBeyondTheWorkLimitReachTheToolUnchecked() throws Exception {
    add(Map.of("n", 1));
    server.endpoint.reconfigure(TestServer.config(Limits.with("schemaStepsMax", 1)));
    assertThat(server.json(server.call("count", "{\"n\":\"one\"}")).get("result").has("isError"))
        .isFalse();
  }

  @Test
  void schemaOfAHiddenToolIsNotSpokenOf() throws Exception {
    add(Map.of("n", 1));
    server.gate.manifest(
        new Manifest(
            "none", List.of(), EnumSet.allOf(OperationType.class), List.of(), OptionalInt.empty()));
    assertThat(server.send(server.call("count", "{\"n\":\"one\"}")).body())
        .contains("-32602", "Unknown tool")
        .doesNotContain("integer");
    assertThat(server.gate.audit.rows("intent")).hasSize(1);
  }

  @Test
  void structuredResultThatDoesNotFitIsDroppedAndSaidSo() throws Exception {
    add(Map.of("n", "one"));
    JsonNode result = server.json(server.call("count", "{\"n\":1}")).get("result");
    assertThat(result.get("isError").asBoolean()).isTrue();
    assertThat(result.has("structuredContent")).isFalse();
    assertThat(result.at("/content/0/text").asText())
        .startsWith("EXECUTED, BUT")
        .contains("/n is not of type integer");
    assertThat(result.at("/content/1/text").asText()).isEqualTo("counted");
  }

  private void add(Map<String, Object> structured) {
    Map<String, Object> schema =
        Map.of("type", "object", "properties", Map.of("n", Map.of("type", "integer")));
    server.tools.tool(
        "count",
        READ,
        Map.of("name", "count", "inputSchema", schema, "outputSchema", schema),
        (_, _) ->
            CompletableFuture.completedStage(
                ScriptedConnector.completed(
                    Map.of(
                        "content",
                        List.of(Map.of("type", "text", "text", "counted")),
                        "structuredContent",
                        structured))));
  }
}
