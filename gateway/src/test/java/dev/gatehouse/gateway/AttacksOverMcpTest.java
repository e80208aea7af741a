package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.registry.AgentKeys;
import dev.gatehouse.testkit.ManualClock;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways of an agent around its manifest, tried on a whole gateway. */
final class AttacksOverMcpTest {

  @TempDir Path directory;
  private final AgentKeys.GeneratedKey key = AgentKeys.generate();
  private WholeGateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway =
        new WholeGateway(
            directory,
            new ManualClock(),
            """
            agents:
              - {id: a, owner: Ada, purpose: tests, credentials: [{sha256: %s}],
                 tools: [behind__change], targets: ["T-*"]}
              - {id: b, owner: Bob, purpose: tests, credentials: [{sha256: %s}], tools: ["*"]}
            mcpServers:
              behind:
                url: "BEHIND"
                class: internal
                environment: prod
                operations: {"*": read}
                targets: {change: [$.id, $.options.parent, $.moves.to]}
            """
                .formatted(key.digest().hex(), AgentKeys.generate().digest().hex()));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void whatIsDeclaredPasses() throws Exception {
    assertThat(gateway.call(key, "behind__change", "{\"id\":\"T-1\"}").toString()).contains("seen");
    assertThat(gateway.carriedOut()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /admin/v1/agents",
    "POST, /admin/v1/agents/a/reactivate",
    "PUT, /admin/v1/agents/a",
    "PATCH, /admin/v1/agents/a",
    "POST, /admin/v1/agents",
    "POST, /admin/v1/policies",
    "POST, /admin/v1/policies/rollback",
    "GET, /admin/v1/approvals",
    "POST, /admin/v1/approvals/apr_1/approve",
    "GET, /admin/v1/grants",
    "POST, /admin/v1/kill-switch"
  })
  void anAgentsKeyIsNoOperatorsKey(String method, String path) throws Exception {
    JsonNode before = gateway.operator("GET", "/admin/v1/agents", "");
    String manifest = "{\"tools\":[\"*\"],\"targets\":[\"*\"],\"reason\":\"mine\"}";

    HttpResponse<String> asked =
        gateway.request(gateway.admin.resolve(path), method, key, manifest);
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(401);
    assertThat(asked.body()).doesNotContain("Ada", "behind__");
    HttpResponse<String> elsewhere =
        gateway.request(gateway.data.resolve(path), method, key, manifest);
    assertThat(elsewhere.statusCode()).isEqualTo(404);

    assertThat(gateway.operator("GET", "/admin/v1/agents", "")).isEqualTo(before);
    refused(gateway.call(key, "behind__secret", "{}"));
  }

  /**
   * Whatever a call says about its agent: who it is, says the credential, and what for, the config.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"agent\":\"b\"}",
        "{\"_meta\":{\"dev.gatehouse/agent\":\"b\",\"dev.gatehouse/manifest\":{\"tools\":[\"*\"]}}}",
        "{\"manifest\":{\"tools\":[\"*\"]},\"principal\":{\"agent\":\"b\"}}"
      })
  void whatACallSaysOfItsAgentChangesNothing(String arguments) throws Exception {
    refused(gateway.call(key, "behind__secret", arguments));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "behind__сhange", // Cyrillic
        "behind__ｃｈａｎｇｅ", // full width
        "behind__change\u200b", // a space of no width
        "Behind__change",
        "behind__change ",
        "behind__ch\u00e5nge"
      })
  void aToolWhoseNameOnlyLooksLikeADeclaredOne(String tool) throws Exception {
    refused(gateway.call(key, tool, "{\"id\":\"T-1\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"X-9\"}",
        "{\"id\":\"T-1\",\"options\":{\"parent\":\"X-9\"}}",
        "{\"id\":\"T-1\",\"options\":[{\"parent\":\"T-2\"},{\"parent\":\"X-9\"}]}",
        "{\"id\":[\"T-1\",[[\"X-9\"]]]}",
        "{\"id\":\"T-1\",\"moves\":[[{\"to\":\"T-2\"}],{\"to\":[\"X-9\"]}]}",
        "{\"id\":\"T-1\",\"id\":\"X-9\"}",
        "{\"id\":{\"id\":\"T-1\"}}",
        "{\"id\":\"Т-1\"}", // a Cyrillic T
        "{}"
      })
  void aTargetHiddenInTheArguments(String arguments) throws Exception {
    refused(gateway.call(key, "behind__change", arguments));
  }

  private void refused(JsonNode answer) {
    assertThat(answer.has("error") || answer.path("isError").asBoolean())
        .as(answer.toString())
        .isTrue();
    assertThat(answer.toString()).doesNotContain("seen");
    assertThat(gateway.carriedOut()).isZero();
  }
}
