package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.DESTRUCTIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that wait for a person. */
class ApprovalWaitTest {

  private static final Duration HOLD = McpTimes.DEFAULT.approvalHold();
  private static final Duration LONG_HOLD = McpTimes.DEFAULT.approvalHoldWithProgress();
  private static final Duration TICK = McpTimes.DEFAULT.approvalProgress();

  private final TestServer server = new TestServer();

  @BeforeEach
  void demandApproval() {
    server.tools.tool("wipe", DESTRUCTIVE, ScriptedConnector.text("wiped"));
    server.gate.demand(
        new RequireApproval(
            new Reason("policy:ask", "wiping needs a person"), Duration.ofMinutes(10), List.of()));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void legacyClientWithoutProgressIsToldAfterTheShortHold() throws Exception {
    CompletableFuture<HttpResponse<String>> reply = server.sendAsync(legacy("{}"));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    server.timers.advance(HOLD.minusMillis(1));
    assertThat(reply).isNotDone();
    server.timers.advance(Duration.ofMillis(1));
    JsonNode result = TestServer.JSON.readTree(reply.get().body()).get("result");
    String id = open().id().value();
    assertThat(result.get("isError").asBoolean()).isTrue();
    assertThat(result.at("/content/0/text").asText())
        .startsWith("PENDING, NOT EXECUTED")
        .contains(id, "gatehouse approval approve " + id, "wiping needs a person");
    JsonNode decision = result.at("/_meta/dev.gatehouse~1decision");
    assertThat(decision.get("verdict").asText()).isEqualTo("approval_required");
    assertThat(decision.at("/approval/id").asText()).isEqualTo(id);
    assertThat(server.tools.executed()).isEmpty();
  }

  @Test
  void sameCallAfterApprovalIsExecutedOnceAndThenAsksAgain() throws Exception {
    CompletableFuture<HttpResponse<String>> asked = server.sendAsync(legacy("{}"));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    server.timers.advance(HOLD);
    asked.get();
    vote(true);
    assertThat(server.send(legacy("{}")).body()).contains("wiped");
    CompletableFuture<HttpResponse<String>> again = server.sendAsync(legacy("{}"));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    server.timers.advance(HOLD);
    assertThat(again.get().body()).contains("PENDING");
    assertThat(server.tools.executed()).hasSize(1);
  }

  @Test
  void approvalWithinTheHoldReleasesTheCall() throws Exception {
    CompletableFuture<HttpResponse<String>> reply = server.sendAsync(server.call("wipe", "{}"));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    vote(true);
    assertThat(reply.get().body()).contains("wiped");
    assertThat(server.timers.waiting(HOLD)).isZero();
    assertThat(server.gate.audit.rows("intent"))
        .extracting(row -> row.get("verdict"))
        .containsExactly("approval_required", "allow");
  }

  @Test
  void clientWithProgressIsHeldLongAndToldEverySoOften() throws Exception {
    try (TestServer.Events events = server.events(server.callWithProgress("wipe", "{}"))) {
      JsonNode first = events.next();
      assertThat(first.at("/params/message").asText()).contains(open().id().value());
      await().until(() -> server.timers.waiting(TICK) > 0);
      server.timers.advance(TICK);
      JsonNode second = events.next();
      assertThat(second.at("/params/progress").asDouble())
          .isGreaterThan(first.at("/params/progress").asDouble());
      vote(true);
      assertThat(events.next().at("/result/content/0/text").asText()).isEqualTo("wiped");
    }
  }

  @Test
  void clientThatTakesNoEventsIsNotHeldForProgressThatCannotReachIt() throws Exception {
    CompletableFuture<HttpResponse<String>> reply =
        server.sendAsync(
            server.callWithProgress("wipe", "{}").setHeader("Accept", "application/json"));
    await().atMost(Duration.ofSeconds(20)).until(() -> server.timers.waiting(HOLD) == 1);
    assertThat(server.timers.waiting(LONG_HOLD)).isZero();
    server.timers.advance(HOLD);
    assertThat(reply.get().body()).contains("input_required");
  }

  @Test
  void longHoldEndsToo() throws Exception {
    CompletableFuture<HttpResponse<String>> reply =
        server.sendAsync(server.callWithProgress("wipe", "{}"));
    await().until(() -> server.timers.waiting(LONG_HOLD) == 1);
    server.timers.advance(LONG_HOLD);
    assertThat(reply.get().body()).contains("PENDING, NOT EXECUTED");
  }

  @Test
  void progressOfTheToolGoesOnWhereTheWaitingEnded() throws Exception {
    server.tools.tool(
        "wipe",
        DESTRUCTIVE,
        (_, listener) -> {
          listener.progress(Map.of("progress", 0.5, "total", 1));
          return CompletableFuture.completedStage(ScriptedConnector.completed("wiped"));
        });
    try (TestServer.Events events = server.events(server.callWithProgress("wipe", "{}"))) {
      assertThat(events.next().at("/params/progress").asDouble()).isEqualTo(1);
      vote(true);
      assertThat(events.next().at("/params/progress").asDouble()).isEqualTo(1.5);
    }
  }

  @Test
  void denialIsToldWithItsReason() throws Exception {
    CompletableFuture<HttpResponse<String>> reply = server.sendAsync(server.call("wipe", "{}"));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    vote(false);
    assertThat(reply.get().body()).contains("DENIED, NOT EXECUTED", "by ann", "because");
    assertThat(server.tools.executed()).isEmpty();
  }

  @Test
  void identicalCallsShareOneQuestionOneExecutionAndOneResult() throws Exception {
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    server.tools.tool("wipe", DESTRUCTIVE, (_, _) -> work);
    var first = server.sendAsync(server.call("wipe", "{\"a\":1,\"b\":2}"));
    var second = server.sendAsync(server.call("wipe", "{\"b\":2,\"a\":1.0}"));
    await().until(() -> server.timers.waiting(HOLD) == 2);
    vote(true);
    await().until(() -> server.tools.executed().size() == 1);
    work.complete(ScriptedConnector.completed("wiped once"));
    assertThat(first.get().body()).contains("wiped once");
    assertThat(second.get().body()).contains("wiped once");
    assertThat(server.tools.executed()).hasSize(1);
  }

  @Test
  void executionGoesOnForTheOthersWhenOneOfThemLeaves() throws Exception {
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    server.tools.tool(
        "wipe",
        DESTRUCTIVE,
        (_, listener) -> {
          var _ = listener.cancelled().thenAccept(cancelled::complete);
          return work;
        });
    TestServer.Events leaver = server.events(server.callWithProgress("wipe", "{}"));
    leaver.next();
    var stayer = server.sendAsync(server.call("wipe", "{}"));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    vote(true);
    await().until(() -> server.tools.executed().size() == 1);
    leaver.close();
    work.complete(ScriptedConnector.completed("wiped"));
    assertThat(stayer.get().body()).contains("wiped");
    assertThat(cancelled).isNotDone();
  }

  @Test
  void approvalAfterTheClientLeftExecutesNothing() throws Exception {
    TestServer.Events events = server.events(server.callWithProgress("wipe", "{}"));
    events.next();
    events.close();
    await().until(() -> server.timers.waiting(LONG_HOLD) == 0);
    vote(true);
    assertThat(server.send(server.modern("tools/list", "", "")).statusCode()).isEqualTo(200);
    assertThat(server.tools.executed()).isEmpty();
  }

  @Test
  void approvedCallIsJudgedAgainAtItsRelease() throws Exception {
    CompletableFuture<HttpResponse<String>> reply = server.sendAsync(server.call("wipe", "{}"));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    server.gate.demand(new Deny(new Reason("policy:frozen", "nothing moves now")));
    vote(true);
    assertThat(reply.get().body()).contains("DENIED", "policy:frozen");
    assertThat(server.tools.executed()).isEmpty();
  }

  @Test
  void questionIsNotNamedBeforeItsIntentIsDurable() throws Exception {
    server.gate.audit.hold();
    CompletableFuture<HttpResponse<String>> reply =
        server.sendAsync(server.callWithProgress("wipe", "{}"));
    await().until(() -> server.gate.audit.rows("intent").size() == 1);
    assertThat(server.timers.waiting(LONG_HOLD)).isZero();
    server.gate.audit.fail();
    server.gate.audit.release();
    assertThat(reply.get().body()).contains("-32603").doesNotContain("apr_");
  }

  @Test
  void sessionsCallCancelledWhileItWaitsExecutesNothing() throws Exception {
    String session = server.session(GateFixture.KEY);
    var reply =
        server.sendAsync(
            server.legacy(
                session,
                "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"tools/call\",\"params\":{\"name\":\"wipe\"}}"));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    server.send(
        server.legacy(
            session,
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":8}}"));
    assertThat(reply.get().body()).doesNotContain("result");
    vote(true);
    assertThat(server.tools.executed()).isEmpty();
  }

  @Test
  void runningAndWaitingCallsOfAnAgentAreBounded() throws Exception {
    server.endpoint.reconfigure(TestServer.config(Limits.with("callsPerAgentMax", 1)));
    CompletableFuture<HttpResponse<String>> held = server.sendAsync(legacy("{}"));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    assertThat(server.send(server.call("wipe", "{\"x\":1}")).body())
        .contains("THROTTLED", "limit.callsPerAgentMax");
    server.timers.advance(HOLD);
    held.get();
    server.gate.demand();
    assertThat(server.send(server.call("wipe", "{\"x\":1}")).body()).contains("wiped");
  }

  /** The same call of an old client; its session is new each time, which is no part of it. */
  private HttpRequest.Builder legacy(String arguments) throws Exception {
    return server.legacy(
        server.session(GateFixture.KEY),
        """
        {"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"wipe","arguments":%s}}\
        """
            .formatted(arguments));
  }

  private ApprovalRequest open() {
    await().until(() -> !server.gate.approvals.pending().isEmpty());
    return server.gate.approvals.pending().getFirst();
  }

  private void vote(boolean approve) {
    ApprovalId id = open().id();
    server.gate.approvals.vote(id, new Vote("ann", approve, "because"));
  }
}
