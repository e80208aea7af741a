package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holes that were found in other MCP servers and gateways, tried here. */
class KnownHolesTest {

  private static final String ABLE = "{\"elicitation\":{}}";
  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}\
      """;

  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  /**
   * DNS rebinding: a page's own host name is made to lead here (CVE-2025-64443, CVE-2025-66414,
   * CVE-2025-66416, CVE-2026-34742, GHSA-8jxr-pr72-r468).
   */
  @ParameterizedTest
  @CsvSource({
    "/mcp, [::1]:4000, true",
    "/mcp, [::1], true",
    "/mcp, 127.0.0.1, true",
    "/mcp, LOCALHOST:65535, true",
    "http://localhost/mcp, localhost, true",
    "/mcp, evil.example.com:4000, false",
    "/mcp, localhost.:4000, false",
    "/mcp, localhost:80@evil.example.com, false",
    "/mcp, evil.example.com#localhost, false",
    "/mcp, [::1].evil.example.com, false",
    "/mcp, [::ffff:127.0.0.1], false",
    "/mcp, [fe80::1], false",
    "/mcp, 0.0.0.0:4000, false",
    "/mcp, 127.1, false",
    "/mcp, 2130706433, false",
    "/mcp, 127.0.0.1.evil.example.com, false",
    "http://evil.example.com/mcp, localhost, false",
    "http://localhost@evil.example.com/mcp, localhost, false",
  })
  void reboundHostIsTurnedAway(String target, String host, boolean served) throws Exception {
    String reply =
        raw("POST " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + keyed(INITIALIZE));
    assertThat(reply).startsWith(served ? "HTTP/1.1 200 " : "HTTP/1.1 4");
  }

  /** DNS rebinding, as the browser tells of it: the Origin header (as above). */
  @ParameterizedTest
  @CsvSource({
    "http://[::1]:3000, 200",
    "http://localhost, 200",
    "http://[::1].evil.example.com, 403",
    "http://[::2]:3000, 403",
    "http://127.0.0.1.evil.example.com:4000, 403",
    "http://evil.example.com/http://localhost, 403",
    "'http://localhost http://evil.example.com', 403",
    "'', 403",
  })
  void pageOfAnotherOriginIsTurnedAway(String origin, int status) throws Exception {
    assertThat(
            raw(
                "POST /mcp HTTP/1.1\r\nHost: localhost\r\nOrigin: "
                    + origin
                    + "\r\n"
                    + keyed(INITIALIZE)))
        .startsWith("HTTP/1.1 " + status + " ");
  }

  /** A good origin does not cover for a second one (as above). */
  @Test
  void everyOneOfSeveralOriginsIsChecked() throws Exception {
    assertThat(
            raw(
                "POST /mcp HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
                    + "Origin: http://evil.example.com\r\n"
                    + keyed(INITIALIZE)))
        .startsWith("HTTP/1.1 403 ");
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

  /** A body that is too long for the check passes without it: here it is refused, or checked. */
  @Test
  void bodyIsJudgedUpToItsLimitAndRefusedBeyond() throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("seen"));
    server.gate.demand(new Decision.Deny(new Reason("no-looking", "denied by a rule")));
    int max = 4_096;
    server.endpoint.reconfigure(TestServer.config(Limits.with("bodyBytesMax", max)));
    int rest = body("").length();
    for (boolean chunked : new boolean[] {false, true}) {
      assertThat(server.send(padded(max - rest, chunked)).body()).contains("no-looking");
      assertThat(server.send(padded(max - rest + 1, chunked)).statusCode()).isEqualTo(413);
    }
    assertThat(server.tools.executed()).isEmpty();
    assertThat(server.gate.audit.rows("intent")).hasSize(2);
  }

  /** Arguments beyond the work limit of the schema check are still judged by the rules. */
  @Test
  void rulesJudgeWhatTheSchemaCheckGivesUpOn() throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("seen"));
    server.gate.demand(new Decision.Deny(new Reason("no-looking", "denied by a rule")));
    server.endpoint.reconfigure(TestServer.config(Limits.with("schemaStepsMax", 1)));
    assertThat(server.send(server.call("look", "{\"a\":[[1],[2],[3]]}")).body())
        .contains("no-looking");
    assertThat(server.tools.executed()).isEmpty();
  }

  /** Two lengths of one body let a second request ride along unseen. */
  @Test
  void requestWithTwoLengthsIsRefused() throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("seen"));
    String head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n";
    assertThat(raw(head + keyed(INITIALIZE))).doesNotContain("HTTP/1.1 200");
    assertThat(
            raw(
                "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
                    + keyed(INITIALIZE)))
        .startsWith("HTTP/1.1 4");
  }

  /** Names and values from JSON end up as lines of HTTP (GHSA-v2x6-wwfw-r2rq). */
  @Test
  void lineBreaksInNamesReachNoHeader() throws Exception {
    String name = "look\\r\\nX-Evil: 1";
    String encoded =
        Base64.getEncoder().encodeToString("look\r\nX-Evil: 1".getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> reply =
        server.send(
            server.modern(
                "tools/call",
                "=?base64?" + encoded + "?=",
                "\"name\":\"" + name + "\",\"arguments\":{}"));
    assertThat(reply.body()).contains("-32602");
    assertThat(reply.headers().map().keySet()).noneMatch(header -> header.startsWith("x-evil"));
  }

  /** A trace parent with a line break would become a header of the next request. */
  @Test
  void lineBreaksInATraceParentGoNowhere() throws Exception {
    List<String> parents = new CopyOnWriteArrayList<>();
    server.tools.tool(
        "look",
        READ,
        (call, _) -> {
          parents.add(call.traceParent());
          return CompletableFuture.completedStage(ScriptedConnector.completed("seen"));
        });
    String good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    for (String trace : List.of(good, good + "\\r\\nX-Evil: 1")) {
      server.send(
          server
              .post(
                  """
                  {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"look",%s,\
                  "traceparent":"%s"}}}\
                  """
                      .formatted(TestServer.META, trace))
              .header("MCP-Protocol-Version", "2026-07-28")
              .header("Mcp-Method", "tools/call")
              .header("Mcp-Name", "look"));
    }
    assertThat(parents).containsExactly(good, "");
  }

  /** Headers say one thing and the body another, and each part of the way trusts another one. */
  @ParameterizedTest
  @CsvSource({
    "Mcp-Method, tools/list",
    "Mcp-Name, harmless",
    "Mcp-Name, look",
    "mcp-name, look",
    "MCP-Protocol-Version, 2025-11-25",
    "MCP-Protocol-Version, 2026-07-28",
    "Mcp-Session-Id, one",
    "Authorization, Bearer gh_other_key",
    "Content-Type, application/json",
  })
  void secondHeaderOfAKindIsRefused(String header, String value) throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("seen"));
    HttpRequest.Builder request = server.call("look", "{}");
    if (header.equals("Mcp-Session-Id")) {
      request.header(header, "two");
    }
    HttpResponse<String> reply = server.send(request.header(header, value));
    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).contains("-32020").doesNotContain("seen");
    assertThat(server.tools.executed()).isEmpty();
  }

  /** A mirrored param given twice, first as the body has it and then otherwise. */
  @Test
  void secondParamHeaderIsRefused() throws Exception {
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
                Map.of("region", Map.of("type", "string", "x-mcp-header", "Region")))),
        ScriptedConnector.text("seen"));
    HttpRequest.Builder request = server.call("marked", "{\"region\":\"eu\"}");
    request.header("Mcp-Param-Region", "eu");
    assertThat(server.send(request).body()).contains("seen");
    assertThat(server.send(request.header("mcp-param-region", "us")).body())
        .contains("-32020")
        .doesNotContain("seen");
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

  private static String body(String padding) {
    return """
    {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"look","arguments":{"a":"%s"},%s}}}\
    """
        .formatted(padding, TestServer.META);
  }

  private HttpRequest.Builder padded(int padding, boolean chunked) {
    byte[] bytes = body("x".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    return server
        .post("")
        .header("MCP-Protocol-Version", "2026-07-28")
        .header("Mcp-Method", "tools/call")
        .header("Mcp-Name", "look")
        .POST(
            chunked
                ? HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))
                : HttpRequest.BodyPublishers.ofByteArray(bytes));
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
