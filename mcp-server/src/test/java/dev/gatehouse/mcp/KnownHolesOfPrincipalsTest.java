package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holes that were found in other MCP servers and gateways, tried here: whose is what. */
class KnownHolesOfPrincipalsTest {

  private static final String ABLE = "{\"elicitation\":{}}";
  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";

  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  /** A session of one principal is another's to use, read or end (GHSA-mvgg-jvj2-4frq). */
  @Test
  void sessionServesItsOwnPrincipalOnly() throws Exception {
    String mine = server.session(GateFixture.KEY);
    for (String method : List.of("POST", "GET", "DELETE")) {
      HttpRequest.Builder stolen =
          other(server.legacy(mine, LIST))
              .method(
                  method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? LIST : ""));
      assertThat(server.send(stolen).statusCode()).as(method).isEqualTo(404);
    }
    assertThat(server.send(server.legacy(mine, LIST)).statusCode()).isEqualTo(200);
  }

  /** A session is good on routes that it was not opened on (GHSA-mvgg-jvj2-4frq). */
  @ParameterizedTest
  @ValueSource(
      strings = {"/mcp/", "/mcp/other", "//mcp", "/MCP", "/%6dcp", "/mcp;v=1", "/x/../mcp"})
  void sessionServesOnItsOwnRouteOnly(String path) throws Exception {
    String session = server.session(GateFixture.KEY);
    String reply =
        raw(
            "POST "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nMcp-Session-Id: "
                + session
                + "\r\n"
                + keyed(LIST));
    assertThat(reply).startsWith("HTTP/1.1 404 ").doesNotContain("tools\":");
  }

  /** A request without a session id falls back to the only session that there is. */
  @ParameterizedTest
  @ValueSource(strings = {"POST", "GET", "DELETE"})
  void missingSessionIdFindsNoSession(String method) throws Exception {
    String only = server.session(GateFixture.KEY);
    HttpRequest.Builder request =
        server
            .post(LIST)
            .method(method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? LIST : ""));
    HttpResponse<String> reply = server.send(request);
    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).contains("Mcp-Session-Id").doesNotContain("tools\":");
    assertThat(server.send(server.legacy(only, LIST)).statusCode()).isEqualTo(200);
  }

  /** Answers go to whoever last used the same JSON-RPC id (CVE-2026-25536). */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void answersOfEqualRequestIdsReachTheirOwnClients(boolean modern) throws Exception {
    Map<Principal, CompletableFuture<ToolReply>> work = new ConcurrentHashMap<>();
    server.tools.tool(
        "work",
        READ,
        (call, _) -> work.computeIfAbsent(call.principal(), _ -> new CompletableFuture<>()));
    String body =
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"work"}}\
        """;
    HttpRequest.Builder mine =
        modern ? server.call("work", "{}") : server.legacy(server.session(GateFixture.KEY), body);
    HttpRequest.Builder theirs =
        modern
            ? other(server.call("work", "{}"))
            : other(server.legacy(server.session(GateFixture.OTHER_KEY), body));
    CompletableFuture<HttpResponse<String>> first = server.sendAsync(mine);
    await().until(() -> work.size() == 1);
    CompletableFuture<HttpResponse<String>> second = server.sendAsync(theirs);
    await().until(() -> work.size() == 2);

    Objects.requireNonNull(work.get(GateFixture.OTHER))
        .complete(ScriptedConnector.completed("for-other"));
    assertThat(second.get().body()).contains("for-other");
    assertThat(first).isNotDone();
    Objects.requireNonNull(work.get(GateFixture.PRINCIPAL))
        .complete(ScriptedConnector.completed("for-tester"));
    assertThat(first.get().body()).contains("for-tester").doesNotContain("for-other");
  }

  /** An agent that nothing is known of, or a virtual server that does not exist, is shown all. */
  @Test
  void unknownAgentIsShownNothingAndServedNothing() throws Exception {
    Principal ghost = new Principal(new AgentId("ghost"), "0123456789ab");
    try (TestServer strange = new TestServer((_, _) -> new Authenticated(ghost))) {
      strange.tools.tool("look", READ, ScriptedConnector.text("seen"));
      assertThat(strange.json(strange.modern("tools/list", "", "")).at("/result/tools")).isEmpty();
      assertThat(strange.send(strange.call("look", "{}")).body())
          .contains("-32602")
          .doesNotContain("seen");
      assertThat(strange.tools.executed()).isEmpty();
    }
  }

  /** Naming a virtual server in the query changes nothing of what an agent may see. */
  @Test
  void queryOfTheUrlSelectsNothing() throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("seen"));
    server.gate.manifest(nothing());
    String session = server.session(GateFixture.KEY);
    for (String query : List.of("?server=all", "?agent=other", "?x-api-key=" + GateFixture.KEY)) {
      assertThat(
              raw(
                  "POST /mcp"
                      + query
                      + " HTTP/1.1\r\nHost: localhost\r\nMcp-Session-Id: "
                      + session
                      + "\r\n"
                      + keyed(LIST)))
          .startsWith("HTTP/1.1 200 ")
          .doesNotContain("\"look\"");
    }
  }

  /** A filter that fails lets everything through: it has to hide and to refuse. */
  @Test
  void failingManifestLookUpHidesAndRefuses() throws Exception {
    Registry broken =
        new Registry() {
          @Override
          public Optional<Agent> find(AgentId id) {
            throw new IllegalStateException("the-inner-secret");
          }

          @Override
          public List<Agent> agents() {
            throw new IllegalStateException("the-inner-secret");
          }
        };
    try (TestServer failing = new TestServer(GateFixture.authenticator(), broken)) {
      failing.tools.tool("look", READ, ScriptedConnector.text("seen"));
      String session = failing.session(GateFixture.KEY);
      for (HttpRequest.Builder request :
          List.of(
              failing.modern("tools/list", "", ""),
              failing.modern("resources/list", "", ""),
              failing.modern("prompts/list", "", ""),
              failing.call("look", "{}"),
              failing.legacy(session, LIST))) {
        HttpResponse<String> reply = failing.send(request);
        assertThat(reply.statusCode()).isEqualTo(500);
        assertThat(reply.body()).contains("-32603").doesNotContain("look", "the-inner-secret");
      }
      assertThat(failing.tools.executed()).isEmpty();
    }
  }

  /** A requestState that was forged, or belongs to another principal or request, is redeemed. */
  @Test
  void requestStateIsGoodForItsOwnPrincipalAndRequestOnly() throws Exception {
    server.tools.tool(
        "ask",
        READ,
        (call, listener) ->
            listener
                .ask(AskingTest.form("who", "name"))
                .thenApply(answers -> ScriptedConnector.completed("told " + answers)));
    String state = server.json(ask(",\"arguments\":{}")).at("/result/requestState").asText();
    String answer =
        """
        ,"inputResponses":{"who":{"action":"accept","content":{"name":"n"}}}\
        """;
    String mine = ",\"requestState\":\"" + state + "\"" + answer;
    char last = state.charAt(20);
    String forged = state.substring(0, 20) + (last == 'A' ? 'B' : 'A') + state.substring(21);
    String foreign;
    try (TestServer elsewhere = new TestServer()) {
      elsewhere.tools.tool(
          "ask",
          READ,
          (_, listener) ->
              listener
                  .ask(AskingTest.form("who", "name"))
                  .thenApply(_ -> ScriptedConnector.completed("x")));
      foreign =
          elsewhere
              .json(
                  elsewhere.capable("tools/call", "ask", "\"name\":\"ask\",\"arguments\":{}", ABLE))
              .at("/result/requestState")
              .asText();
    }
    for (HttpRequest.Builder bad :
        List.of(
            other(ask(",\"arguments\":{}" + mine)),
            ask(",\"arguments\":{\"amount\":9}" + mine),
            ask(",\"arguments\":{},\"requestState\":\"" + forged + "\"" + answer),
            ask(",\"arguments\":{},\"requestState\":\"" + foreign + "\"" + answer),
            ask(",\"arguments\":{},\"requestState\":\"\"" + answer))) {
      assertThat(server.json(bad).at("/error/code").asInt()).isEqualTo(-32602);
    }
    assertThat(server.send(ask(",\"arguments\":{}" + mine)).body()).contains("told");
    assertThat(server.json(ask(",\"arguments\":{}" + mine)).at("/error/code").asInt())
        .as("a second time")
        .isEqualTo(-32602);
  }

  /** A task's id is all that it takes to read, answer or cancel it. */
  @Test
  void taskOfAnotherPrincipalDoesNotExist() throws Exception {
    server.tools.tool(
        "long",
        READ,
        (_, listener) -> {
          listener.takesLong();
          return new CompletableFuture<>();
        });
    String id = server.json(server.callAsTask("long", "{}")).at("/result/taskId").asText();
    for (String method : List.of("tasks/get", "tasks/cancel", "tasks/update")) {
      JsonNode stolen = server.json(other(server.taskRequest(method, id, "\"inputResponses\":{}")));
      JsonNode unknown =
          server.json(other(server.taskRequest(method, "none", "\"inputResponses\":{}")));
      assertThat(stolen.get("error")).isEqualTo(unknown.get("error"));
    }
    assertThat(server.json(server.taskRequest("tasks/get", id, "")).at("/result/status").asText())
        .isEqualTo("working");
  }

  private static Manifest nothing() {
    return new Manifest(
        "none", List.of(), EnumSet.allOf(OperationType.class), List.of(), OptionalInt.empty());
  }

  private static HttpRequest.Builder other(HttpRequest.Builder request) {
    return request.setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY);
  }

  private HttpRequest.Builder ask(String more) {
    return server.capable("tools/call", "ask", "\"name\":\"ask\"" + more, ABLE);
  }

  /** The rest of a request with a good key, from its headers on. */
  private static String keyed(String body) {
    return "Authorization: Bearer "
        + GateFixture.KEY
        + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private String raw(String request) throws Exception {
    return server.raw(request.getBytes(StandardCharsets.US_ASCII), Duration.ofSeconds(5));
  }
}
