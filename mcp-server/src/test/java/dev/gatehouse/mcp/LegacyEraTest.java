package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LegacyEraTest {

  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}";

  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "2025-11-25, 2025-11-25",
    "2025-06-18, 2025-06-18",
    "2025-03-26, 2025-03-26",
    "2024-11-05, 2025-11-25",
    "2099-01-01, 2025-11-25",
  })
  void versionIsNegotiated(String requested, String negotiated) throws Exception {
    HttpResponse<String> response =
        server.send(
            server.post(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\""
                    + requested
                    + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}"));
    JsonNode result = TestServer.JSON.readTree(response.body()).get("result");
    assertThat(result.get("protocolVersion").asText()).isEqualTo(negotiated);
    assertThat(result.at("/serverInfo/name").asText()).isEqualTo("gatehouse");
    assertThat(result.at("/capabilities/tools/listChanged").asBoolean()).isTrue();
    assertThat(response.headers().firstValue("mcp-session-id").orElseThrow())
        .matches("[A-Za-z0-9_-]{43}");
  }

  @Test
  void sessionServesListsCallsAndPings() throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("seen"));
    String session = server.session(GateFixture.KEY);
    HttpResponse<String> initialized =
        server.send(
            server.legacy(
                session, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));
    assertThat(initialized.statusCode()).isEqualTo(202);
    assertThat(initialized.body()).isEmpty();
    JsonNode list = server.json(server.legacy(session, LIST)).get("result");
    assertThat(list.get("tools").findValuesAsText("name")).containsExactly("approval_wait", "look");
    assertThat(list.has("ttlMs") || list.has("resultType")).isFalse();
    JsonNode called = server.json(server.legacy(session, call("3", "look"))).get("result");
    assertThat(called.at("/content/0/text").asText()).isEqualTo("seen");
    assertThat(called.has("resultType")).isFalse();
    assertThat(
            server
                .send(server.legacy(session, "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"ping\"}"))
                .body())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{}}");
    assertThat(server.gate.audit.rows("intent").getFirst().get("session"))
        .asString()
        .startsWith("mcp-")
        .doesNotContain(session);
  }

  @Test
  void unknownMethodIsAnErrorInBand() throws Exception {
    HttpResponse<String> response =
        server.send(
            server.legacy(
                server.session(GateFixture.KEY),
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"things/list\"}"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("-32601");
  }

  @Test
  void sessionIdIsDemandedAndNeverGuessed() throws Exception {
    String session = server.session(GateFixture.KEY);
    assertThat(server.send(server.post(LIST)).statusCode()).isEqualTo(400);
    assertThat(server.send(server.legacy(session + "x", LIST)).statusCode()).isEqualTo(404);
    assertThat(server.send(server.legacy(session, LIST)).statusCode()).isEqualTo(200);
  }

  @Test
  void sessionOfAnotherAgentDoesNotExist() throws Exception {
    String mine = server.session(GateFixture.KEY);
    HttpResponse<String> theirs =
        server.send(
            server
                .legacy(mine, LIST)
                .setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY));
    HttpResponse<String> unknown = server.send(server.legacy("nope", LIST));
    assertThat(theirs.statusCode()).isEqualTo(404);
    assertThat(theirs.body()).isEqualTo(unknown.body());
    for (String method : new String[] {"GET", "DELETE"}) {
      assertThat(
              server
                  .send(
                      server
                          .legacy(mine, "")
                          .setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY)
                          .method(method, HttpRequest.BodyPublishers.noBody()))
                  .statusCode())
          .isEqualTo(404);
    }
    assertThat(server.send(server.legacy(mine, LIST)).statusCode()).isEqualTo(200);
  }

  @Test
  void sameRequestIdsOfTwoAgentsDoNotCross() throws Exception {
    CompletableFuture<ToolReply> forTester = new CompletableFuture<>();
    CompletableFuture<ToolReply> forOther = new CompletableFuture<>();
    server.tools.tool(
        "work",
        READ,
        (call, _) -> call.principal().equals(GateFixture.PRINCIPAL) ? forTester : forOther);
    String mine = server.session(GateFixture.KEY);
    String theirs = server.session(GateFixture.OTHER_KEY);
    var first = server.sendAsync(server.legacy(mine, call("7", "work")));
    var second =
        server.sendAsync(
            server
                .legacy(theirs, call("7", "work"))
                .setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY));
    await().until(() -> server.tools.executed().size() == 2);
    // the other agent cancels "its" request 7; mine must not notice
    server.send(
        server
            .legacy(theirs, cancel("7"))
            .setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY));
    forOther.complete(ScriptedConnector.completed("for-other"));
    forTester.complete(ScriptedConnector.completed("for-tester"));
    assertThat(first.get().body()).contains("for-tester").doesNotContain("for-other");
    assertThat(second.get().body()).doesNotContain("for-");
  }

  @Test
  void deleteEndsTheSession() throws Exception {
    String session = server.session(GateFixture.KEY);
    assertThat(server.send(server.legacy(session, "").DELETE()).statusCode()).isEqualTo(204);
    assertThat(server.send(server.legacy(session, LIST)).statusCode()).isEqualTo(404);
  }

  @Test
  void idleSessionExpiresAndAUsedOneDoesNot() throws Exception {
    String used = server.session(GateFixture.KEY);
    String idle = server.session(GateFixture.KEY);
    Duration most = McpTimes.DEFAULT.sessionIdle();
    server.timers.advance(most.minusSeconds(1));
    assertThat(server.send(server.legacy(used, LIST)).statusCode()).isEqualTo(200);
    server.timers.advance(Duration.ofSeconds(1));
    assertThat(server.send(server.legacy(used, LIST)).statusCode()).isEqualTo(200);
    assertThat(server.send(server.legacy(idle, LIST)).statusCode()).isEqualTo(404);
  }

  @Test
  void agentsOldestSessionMakesRoomBeyondItsLimit() throws Exception {
    server.endpoint.reconfigure(TestServer.config(Limits.with("sessionsPerAgentMax", 2)));
    String other = server.session(GateFixture.OTHER_KEY);
    String first = server.session(GateFixture.KEY);
    server.timers.advance(Duration.ofSeconds(1));
    String second = server.session(GateFixture.KEY);
    String third = server.session(GateFixture.KEY);
    assertThat(server.send(server.legacy(first, LIST)).statusCode()).isEqualTo(404);
    assertThat(server.send(server.legacy(second, LIST)).statusCode()).isEqualTo(200);
    assertThat(server.send(server.legacy(third, LIST)).statusCode()).isEqualTo(200);
    assertThat(
            server
                .send(
                    server
                        .legacy(other, LIST)
                        .setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void sessionsAreBoundedOverAll() throws Exception {
    server.endpoint.reconfigure(TestServer.config(Limits.with("sessionsMax", 1)));
    server.session(GateFixture.KEY);
    HttpResponse<String> refused =
        server.send(
            server.post(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\"}}"));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("sessionsMax 1");
  }

  @ParameterizedTest
  @CsvSource({"2025-06-18, 200", "2025-03-26, 200", "2024-11-05, 400", "nonsense, 400"})
  void versionHeaderMustBeServed(String version, int status) throws Exception {
    assertThat(
            server
                .send(
                    server
                        .legacy(server.session(GateFixture.KEY), LIST)
                        .header("MCP-Protocol-Version", version))
                .statusCode())
        .isEqualTo(status);
  }

  @Test
  void cancelledNotificationCancelsAndDisconnectDoesNot() throws Exception {
    var reasons = new CopyOnWriteArrayList<String>();
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    server.tools.tool(
        "slow",
        READ,
        (_, listener) -> {
          listener.progress(Map.of("progress", 1));
          var _ = listener.cancelled().thenAccept(reasons::add);
          return work;
        });
    String session = server.session(GateFixture.KEY);
    TestServer.Events lost = server.events(server.legacy(session, callWithProgress("1")));
    lost.next();
    lost.close();
    TestServer.Events running = server.events(server.legacy(session, callWithProgress("2")));
    running.next();
    assertThat(server.send(server.legacy(session, cancel("2"))).statusCode()).isEqualTo(202);
    await().until(() -> reasons.equals(java.util.List.of("enough")));
    work.complete(ScriptedConnector.completed("late"));
    assertThat(running.response.body().readAllBytes())
        .doesNotContain("late".getBytes(StandardCharsets.US_ASCII));
    await().until(() -> server.gate.audit.rows("outcome").size() == 2);
    assertThat(reasons).hasSize(1);
  }

  @Test
  void malformedCancelIsIgnored() throws Exception {
    String session = server.session(GateFixture.KEY);
    for (String params : new String[] {"{}", "{\"requestId\":null}", "{\"requestId\":[1]}"}) {
      assertThat(
              server
                  .send(
                      server.legacy(
                          session,
                          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":"
                              + params
                              + "}"))
                  .statusCode())
          .isEqualTo(202);
    }
  }

  @Test
  void idOfARunningRequestCannotBeUsedTwice() throws Exception {
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    server.tools.tool("slow", READ, (_, _) -> work);
    String session = server.session(GateFixture.KEY);
    var first = server.sendAsync(server.legacy(session, call("9", "slow")));
    await().until(() -> server.tools.executed().size() == 1);
    assertThat(server.send(server.legacy(session, call("9", "slow"))).statusCode()).isEqualTo(400);
    assertThat(
            server
                .send(
                    server.legacy(
                        session, "{\"jsonrpc\":\"2.0\",\"id\":\"9\",\"method\":\"ping\"}"))
                .statusCode())
        .isEqualTo(200);
    work.complete(ScriptedConnector.completed("done"));
    assertThat(first.get().body()).contains("done");
    assertThat(
            server
                .send(server.legacy(session, "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}"))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void changesReachEachSessionOnceEvenIfItListensLater() throws Exception {
    String early = server.session(GateFixture.KEY);
    String late = server.session(GateFixture.KEY);
    try (TestServer.Events first = server.events(server.legacy(early, "").GET())) {
      server.tools.tool("new", READ, ScriptedConnector.text("x"));
      assertThat(first.next().get("method").asText()).isEqualTo("notifications/tools/list_changed");
      try (TestServer.Events second = server.events(server.legacy(late, "").GET())) {
        assertThat(second.next().get("method").asText())
            .isEqualTo("notifications/tools/list_changed");
      }
      // a second stream of a session takes over from the first
      try (TestServer.Events again = server.events(server.legacy(early, "").GET())) {
        assertThat(first.response.body().readAllBytes()).hasSizeLessThan(2); // the end
        server.tools.tool("newer", READ, ScriptedConnector.text("x"));
        assertThat(again.next().has("method")).isTrue();
      }
    }
  }

  @Test
  void logLevelIsTheSessions() throws Exception {
    server.tools.tool(
        "work",
        READ,
        (_, listener) -> {
          listener.message(Map.of("level", "info", "data", "chatter for " + listener.logLevel()));
          return CompletableFuture.completedStage(ScriptedConnector.completed("done"));
        });
    String session = server.session(GateFixture.KEY);
    assertThat(server.send(server.legacy(session, call("1", "work"))).body())
        .contains("chatter for debug");
    assertThat(server.send(server.legacy(session, setLevel("error"))).body())
        .contains("\"result\":{}");
    assertThat(server.send(server.legacy(session, call("2", "work"))).body())
        .doesNotContain("chatter");
    assertThat(server.send(server.legacy(session, setLevel("loud"))).body()).contains("-32602");
  }

  @Test
  void streamsOfAnAgentAreBounded() throws Exception {
    server.endpoint.reconfigure(TestServer.config(Limits.with("streamsPerAgentMax", 1)));
    String one = server.session(GateFixture.KEY);
    String two = server.session(GateFixture.KEY);
    TestServer.Events open = server.events(server.legacy(one, "").GET());
    HttpResponse<String> refused = server.send(server.legacy(two, "").GET());
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("streamsPerAgentMax 1");
    assertThat(
            server
                .json(
                    server.modern(
                        "subscriptions/listen",
                        "",
                        "\"notifications\":{\"toolsListChanged\":true}"))
                .at("/error/message")
                .asText())
        .contains("streamsPerAgentMax 1");
    open.close();
    await()
        .until(
            () -> {
              try (TestServer.Events again = server.events(server.legacy(two, "").GET())) {
                return again.response.statusCode() == 200;
              }
            });
  }

  private static String call(String id, String tool) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\"tools/call\",\"params\":{\"name\":\""
        + tool
        + "\",\"arguments\":{}}}";
  }

  private static String callWithProgress(String id) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\"tools/call\",\"params\":{\"name\":\"slow\",\"_meta\":{\"progressToken\":5}}}";
  }

  private static String cancel(String id) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"
        + id
        + ",\"reason\":\"enough\"}}";
  }

  private static String setLevel(String level) {
    return "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"logging/setLevel\",\"params\":{\"level\":\""
        + level
        + "\"}}";
  }
}
