package dev.gatehouse.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.console.AdminFixture.Reply;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminApiTest {

  private AdminFixture admin;

  @BeforeEach
  void start() throws Exception {
    admin = new AdminFixture(AdminFixture.config());
  }

  @AfterEach
  void stop() throws Exception {
    admin.close();
  }

  @Test
  void statusTellsTheStateOfEveryPart() throws Exception {
    admin.ask();
    Reply reply = admin.get("status");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().at("/version").asText()).isEqualTo("0.1");
    assertThat(reply.body().at("/uptime_seconds").asInt()).isEqualTo(7);
    assertThat(reply.body().at("/audit/state").asText()).isEqualTo("writing");
    assertThat(reply.body().at("/approvals_pending").asInt()).isEqualTo(1);
    assertThat(reply.body().at("/connectors/0/state").asText()).isEqualTo("down");
    assertThat(reply.http().headers().firstValue("cache-control")).contains("no-store");
  }

  @Test
  void metricsAreTextForWhoeverHasAnOperatorsKey() throws Exception {
    String request =
        " /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer ";

    assertThat(admin.raw("GET" + request + AdminFixture.KEY + "\r\n\r\n"))
        .startsWith("HTTP/1.1 200")
        .contains("content-type: text/plain; version=0.0.4", "cache-control: no-store")
        .endsWith("\r\n\r\ngatehouse_up 1\n");
    assertThat(admin.raw("GET" + request + "nobody\r\n\r\n"))
        .startsWith("HTTP/1.1 401")
        .doesNotContain("gatehouse_up");
    assertThat(admin.raw("DELETE" + request + AdminFixture.KEY + "\r\n\r\n"))
        .startsWith("HTTP/1.1 405");
  }

  @Test
  void agentsToolsAndProvidersAreListedWithoutSecrets() throws Exception {
    assertThat(admin.get("agents").body().at("/agents/0/owner").asText()).isEqualTo("Test Owner");
    assertThat(admin.get("agents").http().body()).doesNotContain("gh_", "credential");
    Reply tools = admin.get("tools");
    assertThat(tools.body().at("/tools/0/name").asText()).isEqualTo("tickets__close");
    assertThat(tools.body().at("/tools/0/operation_type").asText()).isEqualTo("write");
    assertThat(tools.body().at("/total").asInt()).isEqualTo(1);
    assertThat(admin.get("providers").body().at("/providers/0/name").asText())
        .isEqualTo("anthropic");
  }

  @Test
  void resourcesWithTheirTemplatesAndPromptsAreListed() throws Exception {
    Reply resources = admin.get("resources");
    assertThat(resources.body().at("/resources/0/name").asText()).isEqualTo("file:///a.txt");
    assertThat(resources.body().at("/resources/1/kind").asText()).isEqualTo("resource_template");
    assertThat(resources.body().at("/total").asInt()).isEqualTo(2);
    assertThat(admin.get("prompts").body().at("/prompts/0/name").asText()).isEqualTo("greet");
  }

  @Test
  void aToolInQuarantineIsApprovedByTheDigestThatWasLookedAt() throws Exception {
    String digest = OneQuarantined.OBSERVED.hex();
    Reply waiting = admin.get("tools/quarantine");
    assertThat(waiting.body().at("/tools/0/name").asText()).isEqualTo("tickets__close");
    assertThat(waiting.body().at("/tools/0/digest").asText()).isEqualTo(digest);
    assertThat(waiting.body().at("/tools/0/definition/description").asText()).isEqualTo("Closes");

    String path = "tools/tickets__close/approve";
    String other = digest.replace(digest.charAt(0), digest.charAt(0) == 'a' ? 'b' : 'a');
    assertThat(approve(path, "{\"digest\":\"" + other + "\"}").status()).isEqualTo(409);
    assertThat(approve(path, "{\"digest\":\"short\"}").status()).isEqualTo(400);
    assertThat(approve("tools/none/approve", "{\"digest\":\"" + digest + "\"}").status())
        .isEqualTo(404);
    assertThat(admin.pins.approvals).isEmpty();
    assertThat(approve(path, "{\"digest\":\"" + digest + "\",\"reason\":\"read it\"}").status())
        .isEqualTo(200);
    assertThat(admin.pins.approvals).containsExactly("ann: read it");
  }

  @Test
  void anOperatorAuthorizesAnUpstreamInTwoSteps() throws Exception {
    assertThat(admin.send("GET", "upstreams", "", AdminFixture.KEY).body().at("/upstreams/0/name"))
        .hasToString("\"tickets\"");

    String begin = "{\"redirect_uri\":\"http://127.0.0.1:1/callback\"}";
    Reply begun = admin.send("POST", "upstreams/tickets/authorize", begin, AdminFixture.KEY);
    assertThat(begun.body().at("/url").asText()).startsWith("https://login.example/");
    assertThat(admin.send("POST", "upstreams/x/authorize", begin, AdminFixture.KEY).status())
        .isEqualTo(404);
    assertThat(admin.send("POST", "upstreams/tickets/authorize", "{}", AdminFixture.KEY).status())
        .isEqualTo(400);

    String path = "upstreams/tickets/complete";
    assertThat(
            admin
                .send("POST", path, "{\"redirect\":\"http://h/?code=ann\"}", AdminFixture.KEY)
                .status())
        .isEqualTo(200);
    assertThat(
            admin
                .send("POST", path, "{\"redirect\":\"http://h/?code=bob\"}", AdminFixture.KEY)
                .status())
        .isEqualTo(409);
    assertThat(admin.send("POST", path, "{}", "wrong").status()).isEqualTo(401);
  }

  @Test
  void argumentsAreShownOneQuestionAtATime() throws Exception {
    ApprovalRequest asked = admin.ask();
    Reply list = admin.get("approvals");
    assertThat(list.body().at("/approvals/0/id").asText()).isEqualTo(asked.id().value());
    assertThat(list.body().at("/approvals/0").has("arguments")).isFalse();
    Reply one = admin.get("approvals/" + asked.id());
    assertThat(one.body().at("/reason").asText()).isEqualTo("close needs a look");
    assertThat(one.body().at("/risk/total").asInt()).isZero();
  }

  @Test
  void whoDecidesSeesWhatTheAgentCanReachAndWhatItDidLast() throws Exception {
    ApprovalRequest asked = admin.ask();
    Reply one = admin.get("approvals/" + asked.id());
    assertThat(one.body().at("/blast_radius/tools").asInt()).isEqualTo(1);
    assertThat(one.body().at("/blast_radius/connectors/0"))
        .hasToString(
            "{\"connector\":\"tickets\",\"class\":\"internal\",\"tier\":\"prod\",\"read\":0,"
                + "\"write\":1,\"containment\":0,\"destructive\":0}");
    assertThat(one.body().at("/last_calls/0/what").asText())
        .isEqualTo("the last of " + asked.binding().agent());

    admin.recordUnreadable = true;
    Reply without = admin.get("approvals/" + asked.id());
    assertThat(without.status()).isEqualTo(200);
    assertThat(without.body().path("last_calls_known").asBoolean()).isFalse();
    assertThat(without.body().toString()).doesNotContain("secret place");
  }

  @Test
  void approvingSettlesTheQuestionInTheOperatorsName() throws Exception {
    ApprovalRequest asked = admin.ask();
    Reply reply =
        admin.send(
            "POST",
            "approvals/" + asked.id() + "/approve",
            "{\"reason\":\"ok\"}",
            AdminFixture.KEY);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().at("/state").asText()).isEqualTo("approved");
    assertThat(admin.gates.approvals.find(asked.id()))
        .hasValueSatisfying(
            request -> {
              assertThat(request.state()).isEqualTo(State.APPROVED);
              assertThat(request.decidedBy()).isEqualTo("ann");
              assertThat(request.decisionReason()).isEqualTo("ok");
            });
  }

  @Test
  void approvingNeedsNoBodyButDenyingNeedsAReason() throws Exception {
    ApprovalRequest asked = admin.ask();
    String deny = "approvals/" + asked.id() + "/deny";
    assertThat(admin.send("POST", deny, "", AdminFixture.KEY).message())
        .isEqualTo("a denial needs a reason");
    assertThat(admin.send("POST", deny, "{\"reason\":\" \"}", AdminFixture.KEY).status())
        .isEqualTo(400);
    assertThat(admin.gates.approvals.find(asked.id()).orElseThrow().state())
        .isEqualTo(State.PENDING);
    Reply denied = admin.send("POST", deny, "{\"reason\":\"not now\"}", AdminFixture.KEY);
    assertThat(denied.body().at("/state").asText()).isEqualTo("denied");
    ApprovalRequest second = admin.ask();
    assertThat(
            admin
                .send("POST", "approvals/" + second.id() + "/approve", "", AdminFixture.KEY)
                .status())
        .isEqualTo(200);
  }

  @Test
  void orderOfProvidersIsShownChangedAndReset() throws Exception {
    String change =
        "{\"model\":\"chat\",\"providers\":[\"openai\",\"anthropic\"],\"reason\":\"slow\"}";
    String reset = "{\"model\":\"chat\",\"reason\":\"done\"}";

    assertThat(admin.send("POST", "provider-order", change, AdminFixture.KEY).status())
        .isEqualTo(200);
    assertThat(admin.order.told).isEqualTo("ann: slow");
    Reply shown = admin.send("GET", "provider-order", "", AdminFixture.KEY);
    assertThat(shown.body().at("/orders/0/providers/0").asText()).isEqualTo("openai");
    assertThat(shown.body().at("/orders/0/overridden").asBoolean()).isTrue();
    assertThat(admin.send("DELETE", "provider-order", reset, AdminFixture.KEY).status())
        .isEqualTo(200);
    assertThat(
            admin
                .send("GET", "provider-order", "", AdminFixture.KEY)
                .body()
                .at("/orders/0/overridden")
                .asBoolean())
        .isFalse();
  }

  @Test
  void orderThatCannotBeIsNotMade() throws Exception {
    assertThat(order("{\"model\":\"x\",\"providers\":[],\"reason\":\"r\"}").status())
        .isEqualTo(404);
    assertThat(order("{\"model\":\"chat\",\"providers\":[\"x\"],\"reason\":\"r\"}").status())
        .isEqualTo(409);
    assertThat(order("{\"model\":\"chat\",\"providers\":[1],\"reason\":\"r\"}").status())
        .isEqualTo(400);
    assertThat(order("{\"model\":\"chat\",\"providers\":[\"openai\"]}").status()).isEqualTo(400);
    admin.order.unrecorded = true;
    Reply unrecorded = order("{\"model\":\"chat\",\"providers\":[],\"reason\":\"r\"}");
    assertThat(unrecorded.status()).isEqualTo(503);
    assertThat(unrecorded.message()).doesNotContain("secret");
    assertThat(admin.send("POST", "provider-order", "{}", "wrong").status()).isEqualTo(401);
  }

  private Reply order(String body) throws Exception {
    return admin.send("POST", "provider-order", body, AdminFixture.KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"apr_unknown", "nonsense", "apr_..%2f..%2fstatus", "apr_%00"})
  void unknownApprovalsAreNotFound(String id) throws Exception {
    assertThat(admin.get("approvals/" + id).status()).isEqualTo(404);
    assertThat(admin.send("POST", "approvals/" + id + "/approve", "", AdminFixture.KEY).status())
        .isEqualTo(404);
  }

  @Test
  void withoutAnOperatorsKeyNothingIsSaidAndNothingDone() throws Exception {
    ApprovalRequest asked = admin.ask();
    for (String path : new String[] {"status", "approvals", "no-such-thing", "kill-switch"}) {
      Reply reply = admin.send("GET", path, "", "wrong");
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.code()).isEqualTo("unauthenticated");
      assertThat(reply.http().headers().firstValue("www-authenticate")).contains("Bearer");
    }
    assertThat(admin.send("POST", "approvals/" + asked.id() + "/approve", "", "wrong").status())
        .isEqualTo(401);
    assertThat(admin.gates.approvals.find(asked.id()).orElseThrow().state())
        .isEqualTo(State.PENDING);
    assertThat(
            admin.raw(
                "GET /admin/v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 401");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, '', 401",
    "127.0.0.1:9999, '', 401",
    "[::1]:4001, '', 401",
    "GATEHOUSE.internal, '', 401",
    "evil.example, '', 403",
    "127.0.0.1.evil.example, '', 403",
    "localhost, http://localhost:3000, 401",
    "localhost, https://gatehouse.internal, 401",
    "localhost, http://evil.example, 403",
    "localhost, http://localhost.evil.example, 403",
    "localhost, null, 403",
    "localhost, not a url, 403"
  })
  void onlyItsOwnNamesAreServedInHostAndOrigin(String host, String origin, int status)
      throws Exception {
    String originLine = origin.isEmpty() ? "" : "Origin: " + origin + "\r\n";
    assertThat(
            admin.raw(
                "GET /admin/v1/status HTTP/1.1\r\nHost: "
                    + host
                    + "\r\n"
                    + originLine
                    + "Connection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 " + status);
  }

  @Test
  void aRequestWithoutHostIsRefused() throws Exception {
    assertThat(admin.raw("GET /admin/v1/status HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 403");
  }

  @Test
  void bodiesAreReadUpToTheirLimitOnly() throws Exception {
    ApprovalRequest asked = admin.ask();
    String path = "approvals/" + asked.id() + "/deny";
    String frame = "{\"reason\":\"\"}";
    String fits = "{\"reason\":\"" + "x".repeat(1_000 - frame.length()) + "\"}";
    Reply tooLong = admin.send("POST", path, fits + " ", AdminFixture.KEY);
    assertThat(tooLong.status()).isEqualTo(413);
    assertThat(tooLong.message()).isEqualTo("a body has at most 1000 bytes");
    assertThat(admin.send("POST", path, fits, AdminFixture.KEY).status()).isEqualTo(200);
  }

  @Test
  void anEndlessBodyIsCutOff() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), admin.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("POST /admin/v1/kill-switch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                      + AdminFixture.KEY
                      + "\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n"
                      + "x".repeat(0x800)
                      + "\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void aBodyThatNeverComesIsGivenUp() throws Exception {
    try (AdminFixture hasty =
        new AdminFixture(
            new AdminConfig(
                "127.0.0.1", 0, Set.of(), 1_000, Duration.ofMillis(200), Duration.ofSeconds(30)))) {
      assertThat(
              hasty.raw(
                  "POST /admin/v1/kill-switch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                      + AdminFixture.KEY
                      + "\r\nContent-Length: 10\r\n\r\n{"))
          .startsWith("HTTP/1.1 408")
          .contains("did not arrive within PT0.2S");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "7",
        "{} {}",
        "{\"reason\":\"a\",\"reason\":\"b\"}",
        "{\"reason\":[\"x\"]}",
        "\u0000",
        "{\"reason\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}"
      })
  void badJsonIsABadRequest(String body) throws Exception {
    ApprovalRequest asked = admin.ask();
    Reply reply = admin.send("POST", "approvals/" + asked.id() + "/deny", body, AdminFixture.KEY);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("bad_request");
    assertThat(admin.gates.approvals.find(asked.id()).orElseThrow().state())
        .isEqualTo(State.PENDING);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, no-such-thing, 404",
    "GET, '', 404",
    "GET, approvals/a/b/c, 404",
    "GET, status/, 404",
    "POST, status, 405",
    "PUT, kill-switch, 405",
    "GET, approvals/apr_1/approve, 405"
  })
  void unknownPathsAndMethodsSaySo(String method, String path, int status) throws Exception {
    Reply reply = admin.send(method, path, "", AdminFixture.KEY);
    assertThat(reply.status()).isEqualTo(status);
    if (status == 405) {
      assertThat(reply.http().headers().firstValue("allow")).isPresent();
    }
  }

  @Test
  void aPortThatFailsIsAnErrorWithoutDetails() throws Exception {
    admin.statusFails = true;
    Reply reply = admin.get("status");
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.http().body()).doesNotContain("secret detail");
    assertThat(admin.get("agents").status()).isEqualTo(200);
  }

  private Reply approve(String path, String body) throws Exception {
    return admin.send("POST", path, body, AdminFixture.KEY);
  }

  @Test
  void anErasureNamesTheOperatorAndNeedsAReason() throws Exception {
    Reply reply =
        approve("audit/erase", "{\"subject\":\"bob\",\"reason\":\"asked to be forgotten\"}");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().path("row").asText()).isEqualTo("ann/7");
    assertThat(reply.body().path("key").asText()).isEqualTo("0123456789abcdef");
    assertThat(approve("audit/erase", "{\"subject\":\"bob\",\"reason\":\" \"}").status())
        .isEqualTo(400);
    assertThat(approve("audit/erase", "{\"reason\":\"why\"}").status()).isEqualTo(400);
    assertThat(approve("audit/erase", "{\"subject\":\"eve\",\"reason\":\"why\"}").status())
        .isEqualTo(404);
  }

  @Test
  void anOperatorSaysForHowLongStreamsAreKept() throws Exception {
    Reply reply =
        approve("audit/seal", "{\"stream\":\"gate1-1-standard\",\"until\":\"2030-01-31\"}");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().path("until").asText()).isEqualTo("2030-01-31");
    assertThat(reply.body().path("by").asText()).isEqualTo("ann");
    Reply unknown = approve("audit/seal", "{\"stream\":\"x\",\"hold\":\"why\"}");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.http().body()).contains("no stream x");
    Reply failed = approve("audit/expire", "{}");
    assertThat(failed.status()).isEqualTo(503);
    assertThat(failed.http().body()).doesNotContain("secret detail");
  }

  @Test
  void anOperatorPutsNewKeysInForce() throws Exception {
    Reply reply = approve("audit/rotate-key", "{}");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().path("key").asText()).isEqualTo("0a1b2c3d");
  }

  @Test
  void anOperatorLetsACheckpointBeSigned() throws Exception {
    Reply reply = admin.send("POST", "audit/checkpoint", "{}", AdminFixture.KEY);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().path("rows").asInt()).isEqualTo(1_204);
  }
}
