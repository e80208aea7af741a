package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static dev.gatehouse.core.call.OperationType.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.mcp.config.McpWaiting;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that ask their client something, in both eras. */
class AskingTest {

  private static final Duration PARKED = McpWaiting.DEFAULT.parkedHold();
  private static final String ABLE = "{\"elicitation\":{},\"sampling\":{},\"roots\":{}}";
  private static final String ANSWER =
      "\"inputResponses\":{\"who\":{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}}";

  private final TestServer server = new TestServer();
  private final List<Throwable> refusals = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void modernClientAnswersInTheNextRequestAndTheOneCallGoesOn() throws Exception {
    tool(READ, form("who", "name"));
    JsonNode asked = result(call(""));
    assertThat(asked.get("resultType").asText()).isEqualTo("input_required");
    assertThat(asked.at("/inputRequests/who/method").asText()).isEqualTo("elicitation/create");
    JsonNode done = result(call(state(asked) + "," + ANSWER));
    assertThat(done.get("resultType").asText()).isEqualTo("complete");
    assertThat(done.at("/content/0/text").asText()).contains("Ada");
    assertThat(server.tools.executed()).hasSize(1);
    assertThat(server.gate.audit.rows("intent")).hasSize(1);
    assertThat(server.gate.audit.rows("outcome")).hasSize(1);
  }

  @Test
  void nothingIsAskedBeforeTheIntentIsDurable() throws Exception {
    tool(READ, form("who", "name"));
    server.gate.audit.hold();
    CompletableFuture<HttpResponse<String>> reply = server.sendAsync(call(""));
    await().until(() -> server.tools.executed().size() == 1);
    assertThat(server.timers.waiting(PARKED)).isZero();
    assertThat(reply).isNotDone();
    server.gate.audit.release();
    assertThat(reply.get().body()).contains("input_required");
  }

  @Test
  void whatCannotBeRecordedIsNotAsked() throws Exception {
    tool(READ, form("who", "name"));
    server.gate.audit.hold();
    CompletableFuture<HttpResponse<String>> reply = server.sendAsync(call(""));
    await().until(() -> server.tools.executed().size() == 1);
    server.gate.audit.fail();
    server.gate.audit.release();
    assertThat(reply.get().body()).contains("-32603").doesNotContain("inputRequests");
  }

  @Test
  void missingAndUnfitAnswersAreAskedForAgainUnderANewState() throws Exception {
    tool(READ, form("who", "name"));
    JsonNode first = result(call(""));
    JsonNode again = result(call(state(first)));
    assertThat(again.has("inputRequests")).isTrue();
    JsonNode unfit =
        result(
            call(
                state(again)
                    + ",\"inputResponses\":{\"who\":{\"action\":\"accept\",\"content\":{\"name\":7}}}"));
    assertThat(unfit.has("inputRequests")).isTrue();
    assertThat(List.of(state(first), state(again), state(unfit))).doesNotHaveDuplicates();
    assertThat(result(call(state(unfit) + "," + ANSWER)).get("resultType").asText())
        .isEqualTo("complete");
  }

  @Test
  void stateServesOnceAndForItsOwnRequestOnly() throws Exception {
    tool(READ, form("who", "name"));
    server.tools.tool("other", READ, ScriptedConnector.text("other"));
    String state = state(result(call("")));
    assertRejected(
        server.capable(
            "tools/call", "ask", "\"name\":\"ask\",\"arguments\":{\"x\":1}," + state, ABLE));
    assertRejected(server.capable("tools/call", "other", "\"name\":\"other\"," + state, ABLE));
    assertRejected(call(state.replaceFirst(".\"$", "A\"").replaceFirst("..\"$", "zz\"")));
    assertRejected(
        call(state + "," + ANSWER).setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY));
    assertThat(server.send(call(state + "," + ANSWER)).body()).contains("Ada");
    assertRejected(call(state + "," + ANSWER));
    assertThat(server.tools.executed()).hasSize(1);
  }

  @Test
  void clientThatNeverComesBackLeavesTheCallToSettle() throws Exception {
    tool(WRITE, form("who", "name"));
    String state = state(result(call("")));
    server.timers.advance(PARKED);
    await().until(() -> server.gate.audit.rows("outcome").size() == 1);
    assertThat(refusals).singleElement().isInstanceOf(ClientRefusedException.class);
    assertRejected(call(state + "," + ANSWER));
  }

  @Test
  void onlyWhatTheClientDeclaredIsAskedAndTheRestIsNamed() throws Exception {
    tool(READ, form("who", "name"));
    HttpResponse<String> reply =
        server.send(server.capable("tools/call", "ask", "\"name\":\"ask\"", "{\"sampling\":{}}"));
    assertThat(reply.body()).contains("refused");
    assertThat(refusals)
        .singleElement()
        .isInstanceOfSatisfying(
            ClientRefusedException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(-32021);
              assertThat(refused.requiredCapabilities()).isEqualTo(Map.of("elicitation", Map.of()));
            });
  }

  @Test
  void urlModeNeedsItsOwnCapability() throws Exception {
    tool(
        READ,
        Map.of(
            "who",
            new ClientRequest(
                "elicitation/create",
                Map.of("mode", "url", "message", "go", "url", "https://idp.example/x"))));
    server.send(call(""));
    assertThat(refusals).hasSize(1);
    HttpResponse<String> able =
        server.send(
            server.capable(
                "tools/call", "ask", "\"name\":\"ask\"", "{\"elicitation\":{\"url\":{}}}"));
    assertThat(able.body()).contains("input_required", "https://idp.example/x");
  }

  @Test
  void parkedCallsOfAnAgentAreBounded() throws Exception {
    tool(READ, form("who", "name"));
    for (int i = 0; i < McpWaiting.DEFAULT.parkedPerAgentMax(); i++) {
      assertThat(server.send(call("")).body()).contains("input_required");
    }
    assertThat(server.send(call("")).body()).contains("refused");
    assertThat(refusals).singleElement().asString().contains("parkedPerAgentMax");
    assertThat(
            server
                .send(call("").setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY))
                .body())
        .contains("input_required");
  }

  @Test
  void questionsOfOneCallAreBounded() throws Exception {
    Map<String, ClientRequest> many = new java.util.LinkedHashMap<>();
    for (int i = 0; i <= McpWaiting.DEFAULT.questionsMax(); i++) {
      many.putAll(form("q" + i, "name"));
    }
    tool(READ, many);
    assertThat(server.send(call("")).body()).contains("refused");
    assertThat(refusals).singleElement().asString().contains("questionsMax");
  }

  @Test
  void legacyClientIsAskedOnTheCallsStreamAndAnswersInItsSession() throws Exception {
    tool(READ, form("who", "name"));
    String session = session(GateFixture.KEY);
    try (TestServer.Events events = server.events(legacyCall(session))) {
      JsonNode asked = events.next();
      assertThat(asked.get("method").asText()).isEqualTo("elicitation/create");
      assertThat(asked.get("id").asText()).hasSizeGreaterThan(20);
      assertThat(server.send(answer(session, asked, "Ada")).statusCode()).isEqualTo(202);
      assertThat(events.next().at("/result/content/0/text").asText()).contains("Ada");
    }
  }

  @Test
  void responsesReachQuestionsOfTheirOwnSessionOnly() throws Exception {
    tool(READ, form("who", "name"));
    String mine = session(GateFixture.KEY);
    String mineToo = session(GateFixture.KEY);
    String theirs = session(GateFixture.OTHER_KEY);
    try (TestServer.Events events = server.events(legacyCall(mine))) {
      JsonNode asked = events.next();
      server.send(answer(mineToo, asked, "Eve"));
      server.send(
          answer(theirs, asked, "Eve")
              .setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY));
      assertThat(
              server
                  .send(
                      answer(mine, asked, "Eve")
                          .setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY))
                  .statusCode())
          .isEqualTo(404);
      server.send(answer(mine, asked, "Ada"));
      server.send(answer(mine, asked, "Eve"));
      assertThat(events.next().at("/result/content/0/text").asText())
          .contains("Ada")
          .doesNotContain("Eve");
    }
  }

  @Test
  void legacyClientThatDeclinesTheRequestOrIsSilentRefuses() throws Exception {
    tool(READ, form("who", "name"));
    String session = session(GateFixture.KEY);
    try (TestServer.Events events = server.events(legacyCall(session))) {
      String id = events.next().get("id").asText();
      server.send(
          server.legacy(
              session,
              "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"error\":{\"code\":-1,\"message\":\"no\"}}"
                  .formatted(id)));
      assertThat(events.next().at("/result/content/0/text").asText()).contains("refused");
    }
    try (TestServer.Events events = server.events(legacyCall(session))) {
      String id = events.next().get("id").asText();
      await().until(() -> server.timers.waiting(PARKED) > 0);
      server.timers.advance(PARKED);
      JsonNode next = events.next();
      if (next.has("method")) { // the withdrawal and the result are not ordered
        assertThat(next.at("/params/requestId").asText()).isEqualTo(id);
        next = events.next();
      }
      assertThat(next.at("/result/content/0/text").asText()).contains("refused");
    }
    assertThat(refusals).extracting("code").containsExactly(-1, -32603);
  }

  @Test
  void questionsOfOneCallAreTakenBackWhenOneOfThemIsRefused() throws Exception {
    Map<String, ClientRequest> both = new java.util.LinkedHashMap<>(form("who", "name"));
    both.putAll(form("why", "name"));
    tool(READ, both);
    String session = session(GateFixture.KEY);
    try (TestServer.Events events = server.events(legacyCall(session))) {
      String refused = events.next().get("id").asText();
      String other = events.next().get("id").asText();
      server.send(
          server.legacy(
              session,
              "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"error\":{\"code\":-1,\"message\":\"no\"}}"
                  .formatted(refused)));
      List<JsonNode> rest = List.of(events.next(), events.next());
      assertThat(rest) // the withdrawal and the result are not ordered
          .anyMatch(told -> told.at("/params/requestId").asText().equals(other))
          .anyMatch(told -> told.at("/result/content/0/text").asText().contains("refused"));
    }
    assertThat(refusals).extracting("code").containsExactly(-1);
  }

  @Test
  void legacyAnswerThatDoesNotFitIsARefusalAndNotPassedOn() throws Exception {
    tool(READ, form("who", "name"));
    String session = session(GateFixture.KEY);
    try (TestServer.Events events = server.events(legacyCall(session))) {
      String id = events.next().get("id").asText();
      server.send(
          server.legacy(
              session,
              "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"result\":{\"action\":\"accept\",\"content\":{\"name\":7}}}"
                  .formatted(id)));
      assertThat(events.next().at("/result/content/0/text").asText()).contains("refused");
    }
    assertThat(refusals).extracting("code").containsExactly(-32602);
  }

  @Test
  void legacyClientHearsThatItsUrlElicitationIsComplete() throws Exception {
    server.tools.tool(
        "ask",
        READ,
        (_, listener) -> {
          listener.elicitationComplete("e-7");
          return listener
              .ask(form("who", "name"))
              .handle((_, _) -> ScriptedConnector.completed("asked"));
        });
    String session = session(GateFixture.KEY);
    try (TestServer.Events events = server.events(legacyCall(session))) {
      JsonNode told = events.next();
      assertThat(told.get("method").asText()).isEqualTo("notifications/elicitation/complete");
      assertThat(told.at("/params/elicitationId").asText()).isEqualTo("e-7");
      server.send(answer(session, events.next(), "Ada"));
      assertThat(events.next().at("/result/content/0/text").asText()).contains("asked");
    }
  }

  @Test
  void endOfTheSessionEndsItsQuestions() throws Exception {
    tool(READ, form("who", "name"));
    String session = session(GateFixture.KEY);
    try (TestServer.Events events = server.events(legacyCall(session))) {
      events.next();
      server.send(server.legacy(session, "").DELETE());
      await().until(() -> !refusals.isEmpty());
    }
  }

  @Test
  void legacyClientWithoutTheCapabilityIsNotAsked() throws Exception {
    tool(READ, form("who", "name"));
    String session = server.session(GateFixture.KEY);
    assertThat(server.send(legacyCall(session)).body()).contains("refused");
    assertThat(refusals).extracting("code").containsExactly(-32021);
  }

  /** A tool that asks this and says what it was told, or that it was refused. */
  private void tool(OperationType type, Map<String, ClientRequest> questions) {
    server.tools.tool(
        "ask",
        type,
        (_, listener) ->
            listener
                .ask(questions)
                .handle(
                    (answers, refused) -> {
                      if (refused != null) {
                        refusals.add(refused);
                      }
                      return ScriptedConnector.completed(
                          refused == null ? "told " + answers : "refused");
                    }));
  }

  static Map<String, ClientRequest> form(String key, String field) {
    return Map.of(
        key,
        new ClientRequest(
            "elicitation/create",
            Map.of(
                "message",
                "Please",
                "requestedSchema",
                Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of(field, Map.of("type", "string")),
                    "required",
                    List.of(field)))));
  }

  private HttpRequest.Builder call(String more) {
    return server.capable(
        "tools/call", "ask", "\"name\":\"ask\"" + (more.isEmpty() ? "" : "," + more), ABLE);
  }

  private static String state(JsonNode told) {
    return "\"requestState\":\"" + told.get("requestState").asText() + "\"";
  }

  private JsonNode result(HttpRequest.Builder request) throws Exception {
    return server.json(request).get("result");
  }

  private void assertRejected(HttpRequest.Builder request) throws Exception {
    assertThat(server.json(request).at("/error/code").asInt()).isEqualTo(-32602);
  }

  private String session(String key) throws Exception {
    return server
        .send(
            server
                .post(
                    """
                    {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":\
                    "2025-06-18","capabilities":%s,"clientInfo":{"name":"t","version":"1"}}}\
                    """
                        .formatted(ABLE))
                .setHeader("Authorization", "Bearer " + key))
        .headers()
        .firstValue("mcp-session-id")
        .orElseThrow();
  }

  private HttpRequest.Builder legacyCall(String session) {
    return server.legacy(
        session,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"ask\"}}");
  }

  private HttpRequest.Builder answer(String session, JsonNode asked, String name) {
    return server.legacy(
        session,
        """
        {"jsonrpc":"2.0","id":"%s","result":{"action":"accept","content":{"name":"%s"}}}\
        """
            .formatted(asked.get("id").asText(), name));
  }
}
