package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModernEraTest {

  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void discoverSaysVersionsCapabilitiesAndIdentity() throws Exception {
    JsonNode result = server.json(server.modern("server/discover", "", "")).get("result");
    assertThat(result.get("supportedVersions")).singleElement().hasToString("\"2026-07-28\"");
    assertThat(result.at("/capabilities/tools/listChanged").asBoolean()).isTrue();
    assertThat(result.get("instructions").asText()).isEqualTo("Be governed.");
    assertThat(result.get("resultType").asText()).isEqualTo("complete");
    assertThat(result.has("ttlMs") && result.has("cacheScope")).isTrue();
    assertThat(result.at("/_meta/io.modelcontextprotocol~1serverInfo/version").asText())
        .isEqualTo("test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"initialize", "ping", "logging/setLevel", "resources/subscribe", "nope"})
  void methodsOfNoOrTheOldEraAreNotFound(String method) throws Exception {
    HttpResponse<String> response = server.send(server.modern(method, "", ""));
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(TestServer.JSON.readTree(response.body()).at("/error/code").asInt())
        .isEqualTo(-32601);
  }

  @ParameterizedTest
  @CsvSource({
    "MCP-Protocol-Version, 2025-11-25",
    "Mcp-Method, tools/list",
    "Mcp-Method, TOOLS/CALL",
    "Mcp-Name, other",
    "Mcp-Name, =?base64?b3RoZXI=?=",
    "Mcp-Name, =?base64?bG9va?=",
    "Mcp-Name, =?base64?!!!!?=",
  })
  void headerThatSaysOtherThanTheBodyIsAMismatch(String header, String value) throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("seen"));
    HttpResponse<String> response = server.send(server.call("look", "{}").setHeader(header, value));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(TestServer.JSON.readTree(response.body()).at("/error/code").asInt())
        .isEqualTo(-32020);
    assertThat(server.gate.audit.rows()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"})
  void missingHeaderIsAMismatch(String missing) throws Exception {
    HttpRequest.Builder request = server.post(callBody());
    for (Map.Entry<String, String> header :
        Map.of(
                "MCP-Protocol-Version", "2026-07-28",
                "Mcp-Method", "tools/call",
                "Mcp-Name", "look")
            .entrySet()) {
      if (!header.getKey().equals(missing)) {
        request.header(header.getKey(), header.getValue());
      }
    }
    assertThat(server.json(request).at("/error/code").asInt()).isEqualTo(-32020);
  }

  @Test
  void encodedNameIsDecodedBeforeItIsCompared() throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("seen"));
    String encoded = Base64.getEncoder().encodeToString("look".getBytes(StandardCharsets.UTF_8));
    assertThat(
            server
                .send(server.call("look", "{}").setHeader("Mcp-Name", "=?base64?" + encoded + "?="))
                .body())
        .contains("seen");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"region\":\"eu\"}', eu, true",
    "'{\"region\":\"Z\u00fcrich\"}', =?base64?WsO8cmljaA==?=, true",
    "'{\"region\":\"eu\"}', us, false",
    "'{\"region\":\"eu\"}', , false",
    "'{\"region\":null}', , true",
    "'{}', , true",
    "'{}', eu, false",
    "'{\"deep\":{\"count\":42}}', , false",
    "'{\"deep\":{\"count\":7}}', 7.0, true",
    "'{\"deep\":{\"count\":8}}', eight, false",
  })
  void markedParamsSayTheSameInHeaderAndBody(String arguments, String header, boolean fine)
      throws Exception {
    server.tools.tool(
        "marked",
        READ,
        Map.of(
            "name",
            "marked",
            "inputSchema",
            Map.of(
                "type",
                "object",
                "properties",
                Map.of(
                    "region",
                    Map.of("type", "string", "x-mcp-header", "Region"),
                    "deep",
                    Map.of(
                        "type",
                        "object",
                        "properties",
                        Map.of("count", Map.of("type", "integer", "x-mcp-header", "Count")))))),
        ScriptedConnector.text("seen"));
    HttpRequest.Builder request = server.call("marked", arguments);
    if (header != null) {
      request.header(arguments.contains("deep") ? "Mcp-Param-Count" : "Mcp-Param-Region", header);
    }
    String body = server.send(request).body();
    assertThat(body.contains("-32020")).isEqualTo(!fine);
  }

  @Test
  void unknownVersionSaysWhichAreServed() throws Exception {
    HttpRequest.Builder request =
        server
            .post(callBody().replace("2026-07-28", "2099-01-01"))
            .header("MCP-Protocol-Version", "2099-01-01");
    HttpResponse<String> response = server.send(request);
    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode error = TestServer.JSON.readTree(response.body()).get("error");
    assertThat(error.get("code").asInt()).isEqualTo(-32022);
    assertThat(error.at("/data/supported/0").asText()).isEqualTo("2026-07-28");
    assertThat(error.at("/data/requested").asText()).isEqualTo("2099-01-01");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"_meta\":{}}",
        "{\"_meta\":7}",
        "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}",
        "{\"_meta\":{\"io.modelcontextprotocol/clientCapabilities\":{}}}",
        "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":20260728,"
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}}",
      })
  void requiredMetaIsDemanded(String params) throws Exception {
    HttpResponse<String> response =
        server.send(
            server
                .post(
                    "{\"jsonrpc\":\"2.0\",\"id\":\"m\",\"method\":\"tools/list\",\"params\":"
                        + params
                        + "}")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/list"));
    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode error = TestServer.JSON.readTree(response.body());
    assertThat(error.at("/error/code").asInt()).isEqualTo(-32602);
    assertThat(error.get("id").asText()).isEqualTo("m");
  }

  @Test
  void getAndDeleteAreNotAllowed() throws Exception {
    for (String method : new String[] {"GET", "DELETE"}) {
      assertThat(
              server
                  .send(
                      server
                          .post("")
                          .header("MCP-Protocol-Version", "2026-07-28")
                          .method(method, HttpRequest.BodyPublishers.noBody()))
                  .statusCode())
          .isEqualTo(405);
    }
  }

  @Test
  void progressAndWantedLogMessagesPrecedeTheResultOnAStream() throws Exception {
    server.tools.tool(
        "work",
        READ,
        (_, listener) -> {
          listener.progress(Map.of("progress", 1, "total", 2));
          listener.message(Map.of("level", "warning", "data", "hot"));
          listener.progress(Map.of("progress", 2, "total", 2));
          return CompletableFuture.completedStage(ScriptedConnector.completed("done"));
        });
    try (TestServer.Events events = server.events(server.callWithProgress("work", "{}"))) {
      assertThat(events.response.headers().firstValue("content-type"))
          .hasValue("text/event-stream");
      JsonNode first = events.next();
      assertThat(first.get("method").asText()).isEqualTo("notifications/progress");
      assertThat(first.at("/params/progressToken").asText()).isEqualTo("tok");
      assertThat(events.next().at("/params/progress").asInt()).isEqualTo(2);
      JsonNode last = events.next();
      assertThat(last.get("id").asText()).isEqualTo("p-1");
      assertThat(last.at("/result/content/0/text").asText()).isEqualTo("done");
      assertThat(events.line()).isEmpty();
      assertThat(events.line()).isEqualTo("null"); // the end
    }
  }

  @Test
  void logMessagesFlowOnlyFromTheWantedLevelOn() throws Exception {
    server.tools.tool(
        "work",
        READ,
        (_, listener) -> {
          listener.message(Map.of("level", "info", "data", "chatter"));
          listener.message(Map.of("level", "error", "data", "trouble for " + listener.logLevel()));
          return CompletableFuture.completedStage(ScriptedConnector.completed("done"));
        });
    assertThat(server.send(server.call("work", "{}")).body()).doesNotContain("trouble");
    String level = TestServer.META + ",\"io.modelcontextprotocol/logLevel\":\"warning\"";
    HttpRequest.Builder wanting =
        server
            .post(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"work\","
                    + level
                    + "}}}")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", "tools/call")
            .header("Mcp-Name", "work");
    assertThat(server.send(wanting).body())
        .contains("trouble for warning")
        .doesNotContain("chatter");
  }

  @Test
  void noNotificationLeavesBeforeTheIntentIsDurable() throws Exception {
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    server.tools.tool(
        "work",
        READ,
        (_, listener) -> {
          listener.progress(Map.of("progress", 1));
          return work;
        });
    server.gate.audit.hold();
    CompletableFuture<HttpResponse<String>> reply =
        server.sendAsync(server.callWithProgress("work", "{}"));
    await().until(() -> server.tools.executed().size() == 1);
    work.complete(ScriptedConnector.completed("done"));
    await().until(() -> server.gate.audit.rows("outcome").size() == 1);
    assertThat(reply).isNotDone();
    server.gate.audit.release();
    assertThat(reply.get().body()).contains("notifications/progress", "done");
  }

  @Test
  void callThatTakesLongKeepsItsConnectionAlive() throws Exception {
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    server.tools.tool("slow", READ, (_, _) -> work);
    var streaming =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return server.events(server.call("slow", "{}"));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await().until(() -> server.timers.waiting(McpTimes.DEFAULT.keepAlive()) == 1);
    server.timers.advance(McpTimes.DEFAULT.keepAlive());
    try (TestServer.Events events = streaming.get()) {
      await().until(() -> server.timers.waiting(McpTimes.DEFAULT.keepAlive()) == 1);
      server.timers.advance(McpTimes.DEFAULT.keepAlive());
      assertThat(events.line()).isEqualTo(":");
      work.complete(ScriptedConnector.completed("at last"));
      assertThat(events.next().at("/result/content/0/text").asText()).isEqualTo("at last");
    }
    await().until(() -> server.timers.waiting(McpTimes.DEFAULT.keepAlive()) == 0);
  }

  @Test
  void closingTheStreamCancelsTheCall() throws Exception {
    var reasons = new CopyOnWriteArrayList<String>();
    server.tools.tool(
        "slow",
        READ,
        (_, listener) -> {
          listener.progress(Map.of("progress", 1));
          return listener
              .cancelled()
              .thenApply(
                  reason -> {
                    reasons.add(reason);
                    return ScriptedConnector.indeterminate("cancelled");
                  });
        });
    TestServer.Events events = server.events(server.callWithProgress("slow", "{}"));
    events.next();
    events.close();
    await().until(() -> reasons.size() == 1);
    await().until(() -> server.gate.audit.rows("outcome").size() == 1);
    assertThat(server.gate.audit.rows("outcome").getFirst())
        .containsEntry("outcome", "indeterminate");
  }

  @Test
  void subscriptionIsAcknowledgedFirstAndHearsOfChangesUntilItsClientLeaves() throws Exception {
    TestServer.Events events =
        server.events(
            server.modern(
                "subscriptions/listen", "", "\"notifications\":{\"toolsListChanged\":true}"));
    JsonNode ack = events.next();
    assertThat(ack.get("method").asText()).isEqualTo("notifications/subscriptions/acknowledged");
    assertThat(ack.at("/params/notifications/toolsListChanged").asBoolean()).isTrue();
    server.tools.tool("new", READ, ScriptedConnector.text("x"));
    JsonNode change = events.next();
    assertThat(change.get("method").asText()).isEqualTo("notifications/tools/list_changed");
    assertThat(change.at("/params/_meta/io.modelcontextprotocol~1subscriptionId").asInt())
        .isEqualTo(1);
    server.timers.advance(McpTimes.DEFAULT.keepAlive());
    assertThat(events.line()).isEmpty();
    assertThat(events.line()).isEqualTo(":");
    server.endpoint.close();
    assertThat(events.next().at("/result/resultType").asText()).isEqualTo("complete");
    events.close();
  }

  @Test
  void subscriptionHearsOnlyWhatItAskedFor() throws Exception {
    try (TestServer.Events events =
        server.events(
            server.modern(
                "subscriptions/listen", "", "\"notifications\":{\"promptsListChanged\":true}"))) {
      assertThat(events.next().at("/params/notifications").properties())
          .extracting(Map.Entry::getKey)
          .containsExactly("promptsListChanged");
      server.tools.tool("new", READ, ScriptedConnector.text("x"));
      server.endpoint.close();
      assertThat(events.next().has("result")).isTrue();
    }
  }

  private static String callBody() {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"look\","
        + TestServer.META
        + "}}}";
  }
}
