package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holes that were found in other MCP servers and gateways, tried here: hosts, headers and bodies.
 */
class KnownHolesTest {

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
